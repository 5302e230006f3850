"""Once everything answers: Mara's connections, and the bookings to come, which need them."""

import logging
import time

import sqlalchemy as sa

from bookme import queue
from bookme.accounts import service as accounts
from bookme.clock import utcnow
from bookme.database import reading
from bookme.extensions import db
from bookme.models import Booking, Calendar, Connection, Schedule, User
from bookme.running import demo
from bookme.running.furnishing import story, telling, walk
from bookme.running.furnishing.days import Days

log = logging.getLogger(__name__)

#: Seconds for which the calendars may be read for the first time, and between two looks at them.
_PATIENCE, _PAUSE = 30, 0.2


def connect(*, url: str, sandbox: str) -> None:
    """Connect the host to everything, unless something was ever connected."""
    with reading():
        has_connections = _exists(Connection.host_id == _id_of(demo.EMAIL))
        db.session.rollback()
    if not has_connections:
        walk.connect_all(url, sandbox)


def book() -> None:
    """Book what is to come, unless it was. Commits."""
    _wait_for_calendars()
    mara, noor = accounts.find(demo.EMAIL), accounts.find(demo.EMPTY_EMAIL)
    if mara is not None and noor is not None and not _is_told(mara, noor):
        _book(mara)
    db.session.rollback()


def _is_told(mara: User, noor: User) -> bool:
    """Whether something was booked for after the moment at which the story began: that at which
    Noor signed up.
    """
    return _exists(Booking.host_id == mara.id, Booking.starts_at > noor.created_at)


def _book(host: User) -> None:
    days = Days(utcnow(), host.zone)
    query = sa.select(Schedule).where(Schedule.host_id == host.id)
    offered = {one.slug: one for one in db.session.scalars(query)}
    made: list[Booking] = []
    for tell, visits in ((telling.earlier, story.BEFORE), (telling.today, story.NOW)):
        told = (tell(one, offered[one.what], days) for one in visits if one.what in offered)
        made += [booking for booking in told if booking is not None]
    for booking in made:
        booking.due_at = days.now
    ids = [booking.id for booking in made]
    db.session.commit()
    log.info("%d bookings to come", len(ids))
    for booking_id in ids:
        queue.hurry(booking_id)


def _wait_for_calendars() -> None:
    """Until each calendar that is checked was read once, so that nothing is booked over it."""
    ends = time.monotonic() + _PATIENCE
    with reading():
        while _exists(Calendar.is_checked.is_(True), Calendar.read_at.is_(None)):
            db.session.rollback()
            if time.monotonic() > ends:
                log.warning("the calendars aren't read yet")
                return
            time.sleep(_PAUSE)
        db.session.rollback()


def _id_of(email: str) -> sa.ScalarSelect[int]:
    return sa.select(User.id).where(User.email == email).scalar_subquery()


def _exists(*where: sa.ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(*where))))
