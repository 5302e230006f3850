"""Making the outside world match one booking."""

import logging
from collections.abc import Callable
from datetime import datetime
from time import sleep

from bookme import queue
from bookme.clock import utcnow
from bookme.jobs import claim, erasing, lapsing, lease
from bookme.jobs.claim import LeaseLost
from bookme.jobs.entry import step as entry
from bookme.jobs.lease import Lease
from bookme.jobs.meeting import step as meeting
from bookme.jobs.messages import booking, reminders

log = logging.getLogger(__name__)

#: What is to be done for a booking, in order. Each returns when there is more to do, if ever.
STEPS: tuple[Callable[[Lease], datetime | None], ...] = (
    lapsing.step,
    meeting.step,
    entry.step,
    booking.step,
    reminders.step,
    erasing.step,
)


def sync_booking(booking_id: int) -> None:
    """Make the outside world match one booking: meeting, calendar entry, news and messages at
    times, in that order, after it has lapsed if its time has come; at last erase a booker who has
    asked for it.

    May run any number of times and may be killed anywhere: each step compares what should be with
    what is recorded, commits its attempt before the call, and the answer after it with the
    next attempt or the end of the lease.
    """
    ours = lease.take(booking_id, now=utcnow(), goes_on=True)
    if ours is None and (seconds := lease.seconds_ahead(booking_id, now=utcnow())):
        sleep(seconds)
        ours = lease.take(booking_id, now=utcnow(), goes_on=True)
    if ours is None:
        return
    try:
        again = [moment for step in STEPS if (moment := step(ours)) is not None]
        more = lease.give_back(ours, due_at=min(again, default=None), now=utcnow())
    except LeaseLost:
        log.info("booking %d is gone, or went to another worker", booking_id)
        return
    except BaseException:
        claim.keep_answers()
        raise
    if more:
        queue.hurry(booking_id)
