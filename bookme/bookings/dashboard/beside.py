"""What Today shows beside bookings, asked for at once: a flood that the host should know of, and
the time off that comes next.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bookme.guard import floods
from bookme.models import Flood, TimeOff, User
from bookme.prepared import Prepared

#: So much time off is shown.
_MOST = 3


@dataclass(frozen=True, slots=True)
class Beside:
    """What there is beside bookings.

    :ivar off: the time off that is not over, what ends first at first.
    """

    is_flooded: bool
    off: list[TimeOff]


def beside(host: User, *, now: datetime) -> Beside:
    """What there is for a host now."""
    rows = _BESIDE.rows(host=host.id, now=now, since=now - floods.OVER_AFTER)
    off = [TimeOff(**dict(zip(_OFF, row[1:], strict=True))) for row in rows if row[1] is not None]
    return Beside(any(row[0] is not None for row in rows), off)


_OFF = ("id", "zone", "starts_at", "ends_at", "label")


def _beside() -> sa.Select[Any]:
    host = sa.bindparam("host", type_=sa.Integer)
    now = sa.bindparam("now", type_=TimeOff.ends_at.type)
    still_off = sa.and_(TimeOff.host_id == User.id, TimeOff.ends_at > now)
    return (
        sa.select(Flood.host_id, *(getattr(TimeOff, name) for name in _OFF))
        .select_from(User)
        .outerjoin(Flood, sa.and_(Flood.host_id == User.id, *floods.is_current()))
        .outerjoin(TimeOff, still_off)
        .where(User.id == host)
        .order_by(TimeOff.ends_at, TimeOff.id)
        .limit(_MOST)
    )


_BESIDE = Prepared(_beside)
