"""Grants of other accounts about which their hosts have said nothing in time, or no longer can."""

from datetime import datetime

from bookme import queue
from bookme.clock import utcnow
from bookme.connections.connecting import held
from bookme.extensions import db

#: So few at a time, since a row has no mark of the queue: each round asks for the same until a
#: worker has taken them.
_MOST = 5


def let_go(row_id: int) -> None:
    """Revoke one, and delete what is kept of it."""
    held.expire(row_id, now=utcnow())


def hurry(now: datetime) -> None:
    """Give those that are over to the queue."""
    found = held.expired(now, _MOST)
    db.session.rollback()
    for row_id in found:
        queue.hint(queue.Job.LET_GO, row_id)
