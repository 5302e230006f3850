"""A calendar's busy times, by what a reading has found."""

from datetime import datetime

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import BusyTime

#: Rows deleted by one statement.
_CHUNK = 500


def replace(calendar_id: int, wanted: set[tuple[datetime, datetime, str]]) -> None:
    """All rows of a calendar by others; those that stay are not written, so a reading that finds
    nothing new keeps nobody waiting.
    """
    known: set[tuple[datetime, datetime, str]] = set()
    surplus = []
    of = (BusyTime.id, BusyTime.starts_at, BusyTime.ends_at, BusyTime.entry_id)
    for row in db.session.execute(sa.select(*of).where(BusyTime.calendar_id == calendar_id)):
        row_id, key = row.id, (row.starts_at, row.ends_at, row.entry_id)
        if key in known or key not in wanted:
            surplus.append(row_id)
        known.add(key)
    for first in range(0, len(surplus), _CHUNK):
        chunk = surplus[first : first + _CHUNK]
        db.session.execute(
            sa.delete(BusyTime)
            .where(BusyTime.id.in_(chunk))
            .execution_options(synchronize_session=False)
        )
    added = [
        {"calendar_id": calendar_id, "starts_at": begins, "ends_at": ends, "entry_id": entry_id}
        for begins, ends, entry_id in sorted(wanted - known)
    ]
    if added:
        db.session.execute(sa.insert(BusyTime), added)
