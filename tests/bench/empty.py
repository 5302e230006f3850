"""``python -m tests.bench.empty <Redis' address>``: RQ's worker and a job that does nothing."""

import sys

from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer

QUEUE = "empty"


def nothing() -> None:
    """The yardstick of jobs."""


if __name__ == "__main__":
    with Redis.from_url(sys.argv[1]) as connection:
        Worker([QUEUE], connection=connection, serializer=JSONSerializer).work(
            logging_level="WARNING"
        )
