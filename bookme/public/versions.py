"""Which version of a host's pages there is now; see :class:`bookme.models.HostVersion`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from bookme import waits
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


def seen(handle: str, *, now: datetime) -> Seen | None:
    """The host with a handle, published or not, in one statement."""
    return _seen(_SEEN.rows(**_asked(handle, now)))


def seen_alone(engine: sa.Engine, handle: str, *, now: datetime) -> Seen | None:
    """The same where nothing else is asked.

    :raises engine.dialect.loaded_dbapi.Error: as the driver does.
    """
    return _seen(_SEEN.rows_alone(engine, **_asked(handle, now)))


def _asked(handle: str, now: datetime) -> dict[str, Any]:
    return {"handle": handle.lower(), "since": now - waits.HURRY_EVERY}


def _seen(rows: Sequence[Any]) -> Seen | None:
    return Seen(rows[0][0], rows[0][1], bool(rows[0][2])) if rows else None
