"""Which version of a host's pages there is now; see :class:`bookme.models.HostVersion`."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from bookme import waits
from bookme.extensions import db
from bookme.models import Calendar, HostVersion, User
from bookme.models.types import UTCDateTime


class Seen(NamedTuple):
    """A host as their public pages begin.

    :ivar is_unvisited: nobody has had the host's calendars read for a while.
    """

    host_id: int
    number: int
    is_unvisited: bool


_UNVISITED = sa.or_(
    Calendar.visited_at.is_(None),
    Calendar.visited_at <= sa.bindparam("since", type_=UTCDateTime()),
)
_SEEN = (
    sa.select(
        User.id,
        HostVersion.number,
        sa.exists().where(Calendar.host_id == User.id, Calendar.is_checked, _UNVISITED),
    )
    .join(HostVersion, HostVersion.host_id == User.id)
    .where(User.handle == sa.bindparam("handle"))
)


def seen(handle: str, *, now: datetime) -> Seen | None:
    """The host with a handle, published or not, in one statement."""
    asked = {"handle": handle.lower(), "since": now - waits.HURRY_EVERY}
    found = db.session.execute(_SEEN, asked).first()
    return Seen(found[0], found[1], bool(found[2])) if found is not None else None
