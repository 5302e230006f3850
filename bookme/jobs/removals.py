"""A removal in the hands of a job: taken from the inbox, settled, and finished or put off."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bookme import moments, waits, wal
from bookme.extensions import db
from bookme.jobs import claim
from bookme.jobs.claim import Claim
from bookme.models import Deauthorization
from bookme.sealed import REMOVAL


@dataclass(frozen=True, slots=True)
class Taken:
    """A removal in hand, as plain values.

    :ivar is_settled: the connections are dealt with; what is left is the confirmation.
    """

    claim: Claim[Deauthorization]
    seal_id: str
    is_settled: bool
    received_at: datetime
    attempts: int
    payload_sealed: bytes | None = field(repr=False)


def due(now: datetime, limit: int) -> list[int]:
    """Removals with something to do, marked as queued, the longest waiting first. Commits."""
    _forget_finished(now)
    waiting = (
        sa.select(Deauthorization.id)
        .where(claim.is_due(Deauthorization, Deauthorization.next_attempt_at, now))
        .order_by(Deauthorization.next_attempt_at)
    )
    return claim.due(Deauthorization, waiting, now=now, limit=limit)


def take(removal_id: int, *, now: datetime) -> Taken | None:
    """Take the lease on a removal; None if nothing is due, or another has it. Commits."""
    has_come = moments.has_come(Deauthorization.next_attempt_at, now)
    ours = claim.take(Deauthorization, removal_id, has_come, now=now, lasts=waits.BOOKING_LEASE)
    taken = None
    if ours is not None:
        row = db.session.get_one(Deauthorization, removal_id, populate_existing=True)
        is_settled = row.settled_at is not None
        taken = Taken(
            ours, row.seal_id, is_settled, row.received_at, row.attempts, row.payload_sealed
        )
    db.session.commit()
    return taken


def payload(taken: Taken) -> dict[str, Any]:
    """The event's payload.

    :raises bookme.crypto.Unreadable: if no key opens it.
    """
    opened = REMOVAL.open(taken.seal_id, "payload_sealed", taken.payload_sealed or b"")
    content: dict[str, Any] = json.loads(opened)
    return content


def settled(taken: Taken, *, now: datetime) -> None:
    """The connections are dealt with. Commits.

    :raises bookme.jobs.claim.LeaseLost: if another has it now, as for the others here.
    """
    with claim.held(taken.claim) as row:
        row.settled_at = now


def try_later(taken: Taken, at: datetime) -> None:
    """Something did not work: give the lease back until another attempt. Commits."""
    with claim.held(taken.claim) as row:
        row.attempts, row.next_attempt_at = taken.attempts + 1, at
        row.end_lease()


def finish(taken: Taken, *, now: datetime) -> None:
    """Nothing is owed any more: delete all but the hash and the time. Commits."""
    with claim.held(taken.claim) as row:
        row.finished_at, row.payload_sealed, row.next_attempt_at = now, None, None
        row.end_lease()
        wal.owe_truncation(now=now)
    wal.truncate()


def _forget_finished(now: datetime) -> None:
    """Delete what has been finished for so long that Zoom repeats it no more."""
    over = Deauthorization.finished_at <= now - waits.DEAUTHORIZATION_MEMORY
    db.session.execute(sa.delete(Deauthorization).where(over))
