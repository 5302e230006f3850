"""Rows that the sweep gives to the queue are marked, so that a later round leaves them alone for a
while: an outage of the workers must not fill the queue with the same row over and over.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bookme import moments, waits
from bookme.extensions import db


def mark(
    model: Any,
    waiting: sa.Select[int],
    *,
    now: datetime,
    limit: int,
    again_after: timedelta = waits.QUEUED_FOR,
) -> list[int]:
    """Mark rows as queued and return their ids, sorted. Commits.

    :param waiting: ids of the model's rows with something to do, in the order in which they are to
        be chosen; those that are marked already are left out.
    :param again_after: how long a mark counts.
    """
    chosen = (
        waiting.where(unmarked(model, now=now, again_after=again_after))
        .limit(limit)
        .with_for_update(of=model, key_share=True, skip_locked=True)  # others are at those
        .cte("chosen")  # or PostgreSQL may run it anew for each row, past the limit
    )
    found = db.session.scalars(
        sa.update(model)
        .where(model.id.in_(sa.select(chosen.c.id)))
        .values(queued_at=now)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.commit()
    return sorted(found)


def unmarked(
    model: Any, *, now: datetime, again_after: timedelta = waits.QUEUED_FOR
) -> sa.ColumnElement[bool]:
    """The condition that a row is not marked, or was so long ago."""
    return moments.is_old(model.queued_at, now, again_after)
