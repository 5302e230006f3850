"""What the queue holds, and which kinds of errors its jobs ended in."""

import re
from typing import Any

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer

from bookme import queue

#: The kind of an error that nobody foresaw, and the place it came from, as a worker keeps it.
_KIND = re.compile(r"JobFailed: (\w{1,80}) at ((?:[\w.]+:\d+ \w+(?: > )?)+)")
#: So many of each queue's failed jobs are looked at, the latest.
_MOST = 20


def look() -> dict[str, Any]:
    """Each queue's length, and its failed jobs by kind of error; without Redis only that."""
    with Redis.from_url(
        current_app.config["REDIS_URL"], socket_timeout=5, socket_connect_timeout=5
    ) as connection:
        try:
            return {name: _queue(name, connection) for name in queue.QUEUES}
        except RedisError as error:
            return {"error": type(error).__name__}


def _queue(name: str, connection: Redis) -> dict[str, Any]:
    found = Queue(name, connection=connection, serializer=JSONSerializer)
    failed = found.failed_job_registry.get_job_ids()
    kinds = [_kind(one, connection) for one in failed[-_MOST:]]
    return {"waiting": found.count, "failed": len(failed), "kinds": sorted(set(kinds))}


def _kind(job_id: str, connection: Redis) -> str:
    try:
        job = Job.fetch(job_id, connection=connection, serializer=JSONSerializer)
        result = job.latest_result()
    except NoSuchJobError:
        return "gone"
    return kind((result.exc_string if result is not None else "") or "")


def kind(trace: str) -> str:
    """The kind of error in a trace, and where it came from; nothing else of it."""
    found = _KIND.search(trace)
    return f"{found[1]} at {found[2]}".strip() if found is not None else "other"
