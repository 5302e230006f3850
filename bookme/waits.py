"""Every wait between BookMe and the outside world, in one place (see ``docs/architecture.md``).

Fault runs divide all of them by one factor, ``WAITS_DIVIDED_BY``; nothing else in them differs from
production. Deadlines of single calls are not waits: they are in
:mod:`bookme.providers.http.transport`. So a divided lease no longer outlives the longest call, and
the outside of such a run must be as much quicker; ``config.py`` allows a factor of at most 50, and
none on a public server.
"""

import os
import random
from datetime import datetime, timedelta

FACTOR = float(os.environ.get("WAITS_DIVIDED_BY", "1"))


def _wait(**length: float) -> timedelta:
    return timedelta(**length) / FACTOR


#: How long a job keeps a booking, a connection or a message to itself; longer than any job runs.
BOOKING_LEASE = _wait(seconds=120)
CONNECTION_LEASE = _wait(seconds=30)
#: The same for a refresh. A refresh that another takes over while it is under way would cost the
#: host the grant, so this is longer than a call may take, however waits are divided.
REFRESH_LEASE = max(CONNECTION_LEASE, timedelta(seconds=15))
EMAIL_LEASE = _wait(seconds=120)
CALENDAR_LEASE = _wait(seconds=120)
#: Between two rounds of the sweep, and between its looks for bookings that have become due.
SWEEP_EVERY = _wait(seconds=15)
LOOK_EVERY = _wait(seconds=2.5)
#: How long a row counts as queued before the sweep queues it again.
QUEUED_FOR = _wait(seconds=60)
#: After a create whose outcome is unknown: before the meetings are listed, and before the last
#: look.
SETTLE_AFTER = _wait(seconds=30)
LOOK_AGAIN_AFTER = _wait(minutes=10)
#: A link that a provider is still making is asked for after so long, then later and later.
FIRST_LOOK = _wait(seconds=1)
#: How long a confirmation waits for the meeting's link.
LINK_PATIENCE = _wait(minutes=2)
#: A refused or failed attempt is repeated after FIRST_RETRY, then later and later, up to
#: LAST_RETRY.
FIRST_RETRY = _wait(seconds=4)
LAST_RETRY = _wait(hours=1)
#: A message is given up, and a data-compliance confirmation, after so long.
EMAIL_PATIENCE = _wait(days=3)
COMPLIANCE_PATIENCE = _wait(days=10)
#: How long the deletion of an account waits for its last messages and meetings to be dealt with.
CLOSING_PATIENCE = _wait(hours=1)
#: The same for a booker who cancels a booking to come and wants to be erased: longer than a message
#: is put off whose reader has had enough for a day (LONGEST_HOLD).
ERASURE_PATIENCE = _wait(hours=36)
#: A confirmation that Zoom calls wrong is our mistake, so it is repeated only so often.
CONFIRM_AGAIN = _wait(days=1)
#: How long a finished deauthorization is remembered, so that Zoom's repeats do nothing.
DEAUTHORIZATION_MEMORY = _wait(days=1)
#: Connections of active schedules are checked so often; unused grants are refreshed after
#: IDLE_GRANT.
CHECK_EVERY = _wait(days=1)
IDLE_GRANT = _wait(days=30)
#: Busy times are read so often, and more often for VISITED_FOR after somebody has visited a page of
#: the host; a visit hurries the next reading, once in HURRY_EVERY.
READ_EVERY = _wait(minutes=20)
READ_OFTEN = _wait(minutes=5)
VISITED_FOR = _wait(hours=1)
HURRY_EVERY = _wait(minutes=1)
#: A host is told of a calendar that cannot be read if that has not passed after TELL_AFTER; after
#: CLOSED_AFTER the host's schedules offer no times.
TELL_AFTER = _wait(minutes=3)
CLOSED_AFTER = _wait(hours=1)
#: However long a provider says that an account has to wait: no limit of one lasts longer. Named by
#: others, so never divided.
LONGEST_LIMIT = timedelta(hours=25)
#: A message whose reader has had enough for a day waits at most so long. Never divided.
LONGEST_HOLD = timedelta(hours=30)
#: The clocks of two machines may differ by so much before one of them counts as wrong.
CLOCKS_DIFFER = timedelta(minutes=1)
#: An access token with less than this left is refreshed before it is used. Not a wait: never
#: divided.
TOKEN_MARGIN = timedelta(minutes=2)


def backoff(attempts: int, first: timedelta = FIRST_RETRY) -> timedelta:
    """How long to wait after the given number of failed attempts in a row, with jitter.

    Doubles from ``first`` to :data:`LAST_RETRY`; the jitter spreads what failed together.
    """
    longest = min(LAST_RETRY, first * 2 ** min(max(attempts - 1, 0), 20))
    return longest * random.uniform(0.75, 1.0)


def retry_after(
    attempts: int,
    now: datetime,
    named: datetime | None = None,
    *,
    longest: timedelta = LAST_RETRY,
) -> datetime:
    """When to try again: at the instant the provider named, if that makes sense.

    Not before a moment has passed, and not later than ``longest`` from now: whatever a provider
    says, nothing waits for a year. An instant that is past is none.
    """
    if named is None or named <= now:
        return now + backoff(attempts)
    return min(max(named, now + FIRST_RETRY), now + longest)
