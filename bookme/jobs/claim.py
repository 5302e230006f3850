"""The one way to claim work: rows that are due are marked as queued, and a job takes the lease on
its row before it does anything.

A row says when there is work (``due_at``, ``next_attempt_at``, ``read_after``) and who is at it.
These are kept apart, because a change must not end a lease. Only the lease on a connection's tokens
is taken elsewhere (:mod:`bookme.connections.grants.lease`): requests refresh too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import uuid4

import sqlalchemy as sa

from bookme import moments, waits
from bookme.extensions import db
from bookme.models.leased import Leased, Queued

Row = TypeVar("Row", bound=Leased)
#: What the session knows of a transaction that was left open: itself, the claim, and the row.
_OPEN = "held"


class LeaseLost(Exception):
    """Somebody else is at work on the row now, or it is gone: nothing may be written."""


@dataclass(frozen=True, slots=True)
class Claim(Generic[Row]):
    """One holder's right to work on one row."""

    model: type[Row]
    row_id: int
    holder: str
    taken_at: datetime
    until: datetime


def is_due(model: type[Leased], when: Any, now: datetime) -> sa.ColumnElement[bool]:
    """The condition that the time in the column ``when`` has come, and that nobody is at it."""
    return sa.and_(moments.has_come(when, now), moments.is_free(model, now))


def due(
    model: type[Queued],
    waiting: sa.Select[int],
    *,
    now: datetime,
    limit: int,
    again_after: timedelta = waits.QUEUED_FOR,
) -> list[int]:
    """Mark rows as queued and return their ids, sorted. Commits.

    A later round leaves them alone for a while: an outage of the workers must not fill the queue
    with the same row over and over.

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
    model: type[Queued], *, now: datetime, again_after: timedelta = waits.QUEUED_FOR
) -> sa.ColumnElement[bool]:
    """The condition that a row is not marked, or was so long ago."""
    return moments.is_old(model.queued_at, now, again_after)


def take(
    model: type[Row],
    row_id: int,
    *conditions: sa.ColumnExpressionArgument[bool],
    now: datetime,
    lasts: timedelta,
    **values: Any,
) -> Claim[Row] | None:
    """Take the lease on a row; None if the conditions do not hold or another has it.

    One UPDATE decides, so two workers cannot both win. The row is locked then: the caller reads
    what it needs of it, and commits.

    :param values: what else to write in the same UPDATE.
    """
    claim = Claim(model, row_id, uuid4().hex, now, now + lasts)
    taken = _returned(
        model,
        sa.update(model)
        .where(model.id == row_id, moments.is_free(model, now), *conditions)
        .values(lease_until=claim.until, lease_holder=claim.holder, queued_at=None, **values),
    )
    if taken is None:
        return None
    _leave_open(claim, taken)
    return claim


@contextmanager
def held(
    claim: Claim[Row],
    *conditions: sa.ColumnExpressionArgument[bool],
    goes_on: bool = False,
    is_answer: bool = False,
) -> Iterator[Row]:
    """The row as it is now, in one transaction that is committed at the end of the block.

    The row is locked, so that what is written counts only while the lease is still its own. Whoever
    is done with it ends the lease (:meth:`~bookme.models.leased.Leased.end_lease`) in the block.

    :param goes_on: leave the transaction open, for the next block of the same claim to go on in, or
        for whoever commits: nothing of it counts before, and no call to the outside is made.
    :param is_answer: leave it open with a savepoint: what a call was answered counts, even if what
        comes next in the transaction ends in an error.
    :raises LeaseLost: if it is not, or a condition does not hold.
    """
    try:
        row = _open(claim) or _locked(claim, *conditions)
        yield row
        if is_answer:
            db.session.begin_nested()
            _leave_open(claim, row)
        elif goes_on:
            db.session.flush()
            _leave_open(claim, row)
        else:
            db.session.commit()
            db.session.info.pop(_OPEN, None)
    except BaseException:
        keep_answers()
        raise


def keep_answers() -> None:
    """End the transaction after an error; what a call was answered in it counts."""
    savepoint = db.session().get_nested_transaction()
    if savepoint is None:
        db.session.rollback()
        return
    savepoint.rollback()
    db.session.commit()


def _leave_open(claim: Claim[Row], row: Row) -> None:
    db.session.info[_OPEN] = (db.session().get_transaction(), claim, row)


def is_open(claim: Claim[Row]) -> bool:
    """Whether the next block of a claim goes on in the transaction of the last one."""
    return _open(claim) is not None


def _open(claim: Claim[Row]) -> Row | None:
    """The row, if it is locked by the transaction that is open."""
    transaction, of, row = db.session.info.get(_OPEN, (None, None, None))
    is_open = transaction is not None and transaction is db.session().get_transaction()
    return row if is_open and of == claim else None


def _locked(claim: Claim[Row], *conditions: sa.ColumnExpressionArgument[bool]) -> Row:
    model = claim.model
    ours = (
        sa.update(model)
        .where(model.id == claim.row_id, model.lease_holder == claim.holder, *conditions)
        .values(lease_holder=claim.holder)
    )
    row = _returned(model, ours)
    if row is None:
        raise LeaseLost(f"{model.__name__.lower()} {claim.row_id}")
    return row


def _returned(model: type[Row], update: sa.Update) -> Row | None:
    """The row that an UPDATE has found, as it is then."""
    found = update.returning(model).execution_options(
        synchronize_session=False, populate_existing=True
    )
    return db.session.scalar(found)
