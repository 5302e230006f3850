"""The inbox of removals: a row from Zoom's word to its confirmation, then a hash for a day.

What is done with a row is a job's: :mod:`bookme.jobs.removals`.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bookme.clock import utcnow
from bookme.connections.grants import setting_aside
from bookme.extensions import db
from bookme.models import Deauthorization
from bookme.sealed import REMOVAL, keys, user_digests
from bookme.webhooks.events import Removal

PROVIDER = "zoom"
#: A connection made this shortly before a removal, or after it, may be a new one: a disconnect in
#: BookMe makes Zoom send an event too, which may come after the host has connected again.
DOUBTFUL = timedelta(minutes=5)
_PURPOSE = "zoom removal"
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def receive(removals: Sequence[Removal]) -> list[int | None]:
    """Keep removals and stop using the connections they end, all in one transaction. Commits.

    :return: the ids of those to be settled soon, and None for the others: of a burst the first is
        given to the queue, which costs more than storing does, and the sweep finds the rest.
    """
    now = utcnow()
    arrived = {removal.key: _row(removal, now) for removal in removals}
    digests = {key: keys().digests(key, _PURPOSE) for key in arrived}
    every = [digest for of_one in digests.values() for digest in of_one]
    asked = sa.select(Deauthorization.dedupe_digest).where(Deauthorization.dedupe_digest.in_(every))
    known = set(db.session.scalars(asked))
    fresh = [row for key, row in arrived.items() if known.isdisjoint(digests[key])]
    ids = _add(fresh)
    _set_aside((one for one in removals if digests[one.key][0] in ids), now=now)
    db.session.commit()
    soon = next(iter(ids), None)
    return [ids.pop(soon, None) if digests[one.key][0] == soon else None for one in removals]


def _row(removal: Removal, now: datetime) -> dict[str, Any]:
    seal_id = uuid4().hex
    return {
        "dedupe_digest": keys().digest(removal.key, _PURPOSE),
        "seal_id": seal_id,
        "payload_sealed": REMOVAL.seal(seal_id, "payload_sealed", json.dumps(removal.payload)),
        "deauthorized_at": removal.at,
        "received_at": now,
        "next_attempt_at": now,
    }


def _add(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Store rows, and return the ids by their hashes; without those that another process has just
    stored.
    """
    if not rows:
        return {}
    in_order = sorted(rows, key=lambda row: str(row["dedupe_digest"]))  # nobody waits in a circle
    table = Deauthorization.__table__
    new = (
        _INSERT[db.engine.dialect.name](table)
        .on_conflict_do_nothing(index_elements=["dedupe_digest"])
        .returning(table.c.dedupe_digest, table.c.id)
    )
    return {row.dedupe_digest: row.id for row in db.session.execute(new, in_order)}


def _set_aside(removals: Iterable[Removal], *, now: datetime) -> None:
    """Stop using the connections that removals end; of a user's removals the last one decides."""
    ended = {
        digest: removal.at - DOUBTFUL
        for removal in sorted(removals, key=lambda removal: removal.at)
        for digest in user_digests(PROVIDER, removal.user_id)
    }
    setting_aside.set_aside(PROVIDER, ended, now=now)
