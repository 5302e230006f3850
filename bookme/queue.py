"""The hint: enqueue a job by its name, and forgive a Redis that is not there.

A hint only hurries things. What is due stands in the database, and the sweep finds it without any
hint.
"""

import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from bookme import logs
from bookme.breaker import BreakerPool

log = logging.getLogger(__name__)


class Job(StrEnum):
    """What can be hinted, by its name below ``bookme.jobs``."""

    SYNC_BOOKING = "sync.sync_booking"
    SEND_EMAIL = "messages.account.send_email"
    SETTLE_REMOVAL = "deauthorization.settle_deauthorization"
    CLOSE_ACCOUNT = "closing.close_account"
    CHECK_CONNECTION = "refresh.check_connection"
    REFRESH_IDLE = "refresh.refresh_idle"
    LET_GO = "held.let_go"
    READ_BUSY = "calendars.reading.read_busy"
    HURRY_READINGS = "calendars.reading.hurry"


#: The queues, the most urgent first: a worker takes from one only what those before it don't have.
#: What people wait for is never behind what a provider makes us repeat.
BOOKINGS, MAIL, REMOVALS, CALENDARS = "bookings", "mail", "removals", "calendars"
QUEUES = (BOOKINGS, MAIL, REMOVALS, CALENDARS)
#: The queue of each job.
QUEUE_OF: Mapping[Job, str] = {
    Job.SYNC_BOOKING: BOOKINGS,
    Job.SEND_EMAIL: MAIL,
    Job.SETTLE_REMOVAL: REMOVALS,
    Job.CLOSE_ACCOUNT: REMOVALS,
    Job.CHECK_CONNECTION: CALENDARS,
    Job.REFRESH_IDLE: CALENDARS,
    Job.LET_GO: REMOVALS,
    Job.READ_BUSY: CALENDARS,
    Job.HURRY_READINGS: CALENDARS,
}
PACKAGE = "bookme.jobs."
#: The names of the functions.
KINDS = tuple(job.rpartition(".")[2] for job in Job)
#: What a job knows besides its ids: the id of the request that caused it.
REQUEST = "request"
#: Seconds a job may run; shorter than the lease of any row it holds.
JOB_TIMEOUT = 60
#: Seconds that RQ keeps a failed job; it carries an id and a traceback without values.
FAILURE_TTL = 3600


class Hints(Protocol):
    """Where hints go: RQ, or a list in tests."""

    def enqueue_call(self, func: str, **kwargs: Any) -> Any: ...


class Queues:
    """RQ's queues on the web's patient-less connections."""

    def __init__(self, pool: BreakerPool) -> None:
        redis = Redis(connection_pool=pool)
        self._queues = {
            name: Queue(name, connection=redis, serializer=JSONSerializer) for name in QUEUES
        }

    def enqueue_call(self, func: str, **kwargs: Any) -> Any:
        return self._queues[QUEUE_OF[Job(func.removeprefix(PACKAGE))]].enqueue_call(func, **kwargs)


def hint(job: Job, *ids: int) -> bool:
    """Ask for a job to run soon with these ids; return whether Redis took it."""
    queue: Hints = current_app.extensions["hints"]
    caused_by = logs.cause().request
    known_to_be_away = current_app.extensions["redis_pool"].is_off
    try:
        queue.enqueue_call(
            f"{PACKAGE}{job}",
            args=ids,
            timeout=JOB_TIMEOUT,
            result_ttl=0,
            failure_ttl=FAILURE_TTL,
            meta={REQUEST: caused_by} if caused_by else None,
        )
    except RedisError as error:
        if not known_to_be_away:  # said once each time it is tried, not for every booking
            log.warning("Redis takes no hints (%s); the sweep finds what is due", _name(error))
        return False
    return True


def hurry(booking_id: int) -> bool:
    """Bring one booking's outside up to date soon."""
    return hint(Job.SYNC_BOOKING, booking_id)


def hurry_email(email_id: int) -> bool:
    """Send one message soon that belongs to no booking's sync (accounts, connections)."""
    return hint(Job.SEND_EMAIL, email_id)


def _name(error: Exception) -> str:
    return type(error).__name__
