"""The inbox of removals: a row from Zoom's word to its confirmation, then a hash for a day.

What is done with a row is a job's: :mod:`bookme.jobs.removals`.
"""

import json
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.models import Deauthorization
from bookme.sealed import REMOVAL, keys, user_digests
from bookme.webhooks.events import Removal

PROVIDER = "zoom"
#: A connection made this shortly before a removal, or after it, may be a new one: a disconnect in
#: BookMe makes Zoom send an event too, which may come after the host has connected again.
DOUBTFUL = timedelta(minutes=5)
_PURPOSE = "zoom removal"


def receive(removal: Removal, *, now: datetime) -> int | None:
    """Keep a removal and stop using the connections it ends; return its id, or None if it is known.

    Flushes and leaves the commit to the caller.
    """
    digests = keys().digests(removal.key, _PURPOSE)
    known = sa.select(Deauthorization.id).where(Deauthorization.dedupe_digest.in_(digests))
    if db.session.scalar(known.limit(1)) is not None:
        return None
    seal_id = uuid4().hex
    row = Deauthorization(
        dedupe_digest=digests[0],
        seal_id=seal_id,
        payload_sealed=REMOVAL.seal(seal_id, "payload_sealed", json.dumps(removal.payload)),
        deauthorized_at=removal.at,
        received_at=now,
        next_attempt_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # its repeat, at the same moment
        return None
    users = user_digests(PROVIDER, removal.user_id)
    disconnecting.set_aside(PROVIDER, users, older_than=removal.at - DOUBTFUL, now=now)
    return row.id
