"""A round of work on one booking: move after move, as long as there is one and time for it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bookme.clock import utcnow
from bookme.extensions import db
from bookme.jobs.lease import Lease
from bookme.queue import JOB_TIMEOUT

Task = TypeVar("Task")

#: Moves in one round; settling, creating and updating are three.
MOST_MOVES = 5
#: Seconds after which a round begins no further move, so that what it began can end in time.
LONGEST = JOB_TIMEOUT / 3


def work(
    lease: Lease,
    prepare: Callable[[Lease, datetime], tuple[Task | None, datetime | None]],
    carry_out: Callable[[Task], None],
) -> datetime | None:
    """Prepare a move and carry it out, over and over; return when there is more to do, if ever.

    :param prepare: reads everything anew and writes the attempt, which is committed here; gives the
        next move, or none and when to come again. A change of the booking meanwhile ends the round:
        it is due again.
    :param carry_out: makes its call with no transaction open, and writes the answer.
    """
    for _ in range(MOST_MOVES):
        now = utcnow()
        task, until = prepare(lease, now)
        if task is None:
            return until
        db.session.commit()
        carry_out(task)
        if (now - lease.taken_at).total_seconds() > LONGEST:
            break
    return utcnow()
