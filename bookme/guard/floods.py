"""A host's page that gets far more bookings than usual: its host is told once, on Today and by
mail, and offered to have bookers confirm their addresses first.
"""

from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from bookme import outbox
from bookme.extensions import db
from bookme.models import Email, Flood, Schedule, User

#: More bookings in an hour, made by strangers, are a flood.
AN_HOUR = 30
#: It is over when none of too many has come for so long.
OVER_AFTER = timedelta(days=1)
#: How long one that is over is kept.
KEPT = timedelta(days=30)
#: The kind of the message, and the folder of its templates.
LETTER = "flooded"


def note(host: User, *, now: datetime) -> Email | None:
    """A booking came that is one too many. Returns the message to hurry, for the first of a flood.

    The caller has locked the host.
    """
    flood = db.session.get(Flood, host.id)
    if flood is not None and flood.last_at > now - OVER_AFTER:
        flood.last_at = now
        return None
    if flood is None:
        flood = Flood(host_id=host.id)
        db.session.add(flood)
    flood.began_at = flood.last_at = now
    flood.seen_at = None
    email = outbox.owe(LETTER, host, key=f"flood.{uuid4().hex}", now=now)
    db.session.flush()
    return email


def is_current() -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions of a flood that its host should know of.

    They take ``since``, which is :data:`OVER_AFTER` ago.
    """
    since = sa.bindparam("since", type_=Flood.last_at.type)
    return Flood.seen_at.is_(None), Flood.last_at > since


def put_away(host: User, *, now: datetime) -> None:
    """The host has seen it."""
    mine = sa.update(Flood).where(Flood.host_id == host.id)
    db.session.execute(mine.values(seen_at=now))


def confirm_addresses(host: User) -> int:
    """Have the bookers of all the host's schedules confirm their addresses first; return of how
    many that is new.
    """
    open_ones = sa.update(Schedule).where(
        Schedule.host_id == host.id,
        Schedule.deleted_at.is_(None),
        Schedule.confirms_email.is_(False),
    )
    changed = db.session.scalars(open_ones.values(confirms_email=True).returning(Schedule.id)).all()
    return len(changed)


def all_confirm(host: User) -> bool:
    """Whether every schedule has its bookers confirm their addresses first."""
    others = sa.exists().where(
        Schedule.host_id == host.id,
        Schedule.deleted_at.is_(None),
        Schedule.confirms_email.is_(False),
    )
    return not db.session.scalar(sa.select(others))
