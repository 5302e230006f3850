"""Looking at hosts, pausing them, signing them out and removing them, each noted without personal
data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bookme import acts, addresses
from bookme.accounts import closing, operating, sessions
from bookme.extensions import db
from bookme.guard import floods
from bookme.models import Booking, Email, Flood, Report, Schedule, User

#: How far back bookings are counted.
LATELY = timedelta(days=7)
#: A list's length.
MOST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A host in a list."""

    id: int
    handle: str
    state: str
    schedules: int
    bookings: int
    reports: int


def find(who: str) -> User | None:
    """A host by id, handle or e-mail address."""
    by = User.handle == who.strip().lower()
    if who.isdecimal() and len(who) < 10:
        by = sa.or_(by, User.id == int(who))
    elif "@" in who:
        try:
            by = User.email == addresses.folded(who)
        except ValueError:
            return None
    return db.session.scalar(sa.select(User).where(by).order_by(User.id).limit(1))


def state(user: User) -> str:
    """In one word, how a host's pages are."""
    if user.closing_at is not None:
        return "closing"
    if user.paused_at is not None:
        return "paused"
    return "open" if user.is_confirmed else "unconfirmed"


def page(
    *, after: int = 0, only_paused: bool = False, only_reported: bool = False, now: datetime
) -> list[Line]:
    """Hosts in order of their ids, at most :data:`MOST`.

    :param after: the id after which the page begins.
    """
    query = sa.select(User).where(User.id > after).order_by(User.id).limit(MOST)
    if only_paused:
        query = query.where(User.paused_at.is_not(None))
    if only_reported:
        query = query.where(sa.exists().where(Report.host_id == User.id))
    users = db.session.scalars(query).all()
    ids = [user.id for user in users]
    schedules = _counts(Schedule.host_id, ids, Schedule.deleted_at.is_(None))
    bookings = _counts(Booking.host_id, ids, Booking.created_at > now - LATELY)
    reports = _counts(Report.host_id, ids)
    return [
        Line(
            user.id,
            user.handle,
            state(user),
            schedules.get(user.id, 0),
            bookings.get(user.id, 0),
            reports.get(user.id, 0),
        )
        for user in users
    ]


def reports_of(user: User) -> Sequence[Report]:
    """What was reported of a host, the latest first."""
    theirs = sa.select(Report).where(Report.host_id == user.id)
    return db.session.scalars(theirs.order_by(Report.id.desc()).limit(MOST)).all()


def schedules_of(user: User) -> Sequence[Schedule]:
    """What a host has published."""
    theirs = sa.select(Schedule).where(Schedule.host_id == user.id, Schedule.deleted_at.is_(None))
    return db.session.scalars(theirs.order_by(Schedule.id).limit(MOST)).all()


def flooded(*, now: datetime) -> Sequence[User]:
    """Hosts who get far more bookings than usual, the latest first."""
    flood = sa.select(User).join(Flood, Flood.host_id == User.id)
    late = flood.where(Flood.last_at > now - floods.OVER_AFTER).order_by(Flood.last_at.desc())
    return db.session.scalars(late.limit(MOST)).all()


def pause(user: User, *, by: User | None = None, now: datetime) -> bool:
    """Take a host's pages down; what is booked stays. Return whether they were up.

    :param by: as for :func:`bookme.acts.note`.
    """
    changed = user.paused_at is None and user.closing_at is None
    if changed:
        user.paused_at = now
    acts.note("hosts pause", user, by=by, changed=changed, now=now)
    return changed


def resume(user: User, *, by: User | None = None, now: datetime) -> bool:
    """Put a host's pages up again; return whether they were down."""
    changed = user.paused_at is not None
    user.paused_at = None
    acts.note("hosts resume", user, by=by, changed=changed, now=now)
    return changed


def sign_out(user: User, *, now: datetime) -> int:
    """End a host's sessions in all browsers; return how many there were. Who reads along in a
    browser is out at once; what the host signs in with stays.
    """
    ended = sessions.end_all(user)
    acts.note("hosts sign-out", user, changed=ended > 0, now=now)
    return ended


def unlink(user: User, *, provider: str = "", email: str = "", now: datetime) -> operating.Unlinked:
    """Unlink a lost sign-in at a provider; what it is for, and what it takes, is
    :func:`bookme.accounts.operating.unlink_sign_ins`'s.
    """
    done = operating.unlink_sign_ins(user, provider=provider, email=email, now=now)
    about = " ".join(filter(None, [provider, "another address" if email else ""]))
    acts.note("hosts unlink", user, about=about, changed=bool(done.emails), now=now)
    return done


def remove(user: User, *, now: datetime) -> Email | None:
    """End an account with all that it published, as its host could: bookers are told, meetings
    deleted, then all rows. Return the message to hurry, if one is owed.
    """
    changed = user.closing_at is None
    email = closing.begin(user, now=now)
    acts.note("hosts remove", user, changed=changed, now=now)
    return email


def _counts(column: Any, ids: list[int], *conditions: sa.ColumnElement[bool]) -> dict[int, int]:
    counted = sa.select(column, sa.func.count()).where(column.in_(ids), *conditions)
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(column))}
