"""RQ's own worker with a job that does nothing.

python -m tests.bench.empty <address of Redis>
"""

import sys

QUEUE = "empty"


def nothing() -> None:
    """The job."""


def main() -> None:
    from redis import Redis
    from rq import Worker

    Worker([QUEUE], connection=Redis.from_url(sys.argv[1])).work(logging_level="WARNING")


if __name__ == "__main__":
    main()
