"""Which version of a host's pages there is now; see :class:`bookme.models.HostVersion`."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from bookme import waits
from bookme.extensions import db
from bookme.models import Calendar, HostVersion, User
from bookme.models.types import UTCDateTime
from bookme.prepared import Prepared


class Seen(NamedTuple):
    """A host as their public pages begin.

    :ivar is_unvisited: nobody has had the host's calendars read for a while.
    """

    host_id: int
    number: int
    is_unvisited: bool


# Of tables and not of models: it is all that a page asks that is kept.
_host, _version, _calendar = User.__table__.c, HostVersion.__table__.c, Calendar.__table__.c
_UNVISITED = sa.or_(
    _calendar.visited_at.is_(None),
    _calendar.visited_at <= sa.bindparam("since", type_=UTCDateTime()),
)
_SEEN = Prepared(
    lambda: sa.select(
        _host.id,
        _version.number,
        sa.exists().where(_calendar.host_id == _host.id, _calendar.is_checked, _UNVISITED),
    ).where(_version.host_id == _host.id, _host.handle == sa.bindparam("handle"))
)


def seen(handle: str, *, now: datetime, connection: sa.Connection | None = None) -> Seen | None:
    """The host with a handle, published or not, in one statement.

    :param connection: instead of the session's.
    """
    asked = {"handle": handle.lower(), "since": now - waits.HURRY_EVERY}
    found = _SEEN.rows_on(connection or db.session.connection(), **asked)
    return Seen(found[0][0], found[0][1], bool(found[0][2])) if found else None
