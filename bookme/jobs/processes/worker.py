"""``python -m bookme.jobs.processes.worker``: an RQ worker that knows the application.

The application is loaded once and warmed up (:mod:`bookme.jobs.processes.warm`), before the process
is forked that does the jobs (:mod:`bookme.jobs.processes.horse`); no connection to the database is
open when that happens. Redis may go and come back; SIGTERM ends the worker after the job in hand,
which has a few seconds for that.
"""

import logging
import random
import threading
import time
from resource import struct_rusage
from typing import Any

from flask import Flask
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Worker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from bookme import create_app, endings, logs, queue
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.jobs import closing, deauthorization, refresh, sync
from bookme.jobs.calendars import reading
from bookme.jobs.messages import account
from bookme.jobs.processes import heartbeat, warm
from bookme.jobs.processes.failures import JobFailed, where
from bookme.jobs.processes.horse import Horse
from bookme.meters import count

log = logging.getLogger(__name__)
#: A line for each job, as ``bookme.access`` has one for each request.
done_log = logging.getLogger("bookme.job")

#: Loaded before the first fork, so that no job has to.
JOBS = (sync, account, refresh, deauthorization, closing, reading)
#: Seconds between two signs of life.
BEAT_EVERY = 15
#: RQ derives from this how long it blocks on Redis (15 s less) and when it takes Redis for dead.
WORKER_TTL = 30
#: Seconds that a job in hand has after SIGTERM. Cut short, it is taken up again by its row.
FAREWELL = 8
#: Seconds between two tries to reach Redis, at most.
LONGEST_PAUSE = 10.0


class QuietJob(Job):
    """A job whose failure is kept and logged without what the error quotes, and whose lines say
    which request has caused it.
    """

    def perform(self) -> Any:
        began, outcome = time.perf_counter(), count.Job.FAILED
        with logs.caused_by(request=self.meta.get(queue.REQUEST, ""), job=self.id):
            try:
                result = super().perform()
                outcome = count.Job.DONE
                return result
            except Exception as error:
                raise JobFailed(where(error)) from None
            finally:
                self._note(outcome, time.perf_counter() - began)

    def _note(self, outcome: count.Job, seconds: float) -> None:
        done_log.info("%s %s %.6f", kind_of(self), outcome, seconds)
        count.job(kind_of(self), outcome, seconds)


def kind_of(job: Job) -> str:
    """The name of a job's function."""
    return str(job.func_name).rpartition(".")[2]


class BookMeWorker(Worker):
    """One worker process; its jobs run in a fork of it, one after the other."""

    max_connection_wait_time = LONGEST_PAUSE

    def __init__(self, app: Flask, connection: Redis) -> None:
        self.app = app
        self.told_to_stop = False
        self._life = heartbeat.own_name("worker")
        self._beat_at = self._ordered_at = 0.0
        self._horse: Horse | None = None
        super().__init__(
            list(queue.QUEUES),
            connection=connection,
            serializer=JSONSerializer,
            job_class=QuietJob,
            worker_ttl=WORKER_TTL,
            job_monitoring_interval=BEAT_EVERY,
        )

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        if self.told_to_stop and pipeline is None and not self.horse_pid:
            raise StopRequested  # again: whatever a signal interrupts may catch all exceptions
        self._beat()
        if self._horse is not None and self._horse.is_idle and not self.is_horse:
            self.let_horse_go()
        super().heartbeat(timeout, pipeline)

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Give the job to the process that there is, or to a new one."""
        self._ordered_at = time.monotonic()
        execution = next(one for one in self.executions.values() if one.job_id == job.id)
        order = " ".join((execution.id, queue.name, job.id))
        if self._horse is None or not self._horse.order(order):
            self._horse = Horse(self._perform)
            self._horse.order(order)  # if it is killed at once, waiting for it tells
        self._horse_pid = self._horse.pid

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """Wait for the end of the job in hand, or of its process."""
        if self._horse is None:
            return None, None, None
        pid, status = self._horse.wait()
        if not self._horse.is_free:
            self._horse = None
        return pid, status, None

    def handle_work_horse_killed(
        self, job: Job, retpid: int, ret_val: int, rusage: struct_rusage
    ) -> None:
        super().handle_work_horse_killed(job, retpid, ret_val, rusage)  # type: ignore[no-untyped-call]
        count.job(kind_of(job), count.Job.KILLED, time.monotonic() - self._ordered_at)

    def let_horse_go(self) -> None:
        """End the process that does the jobs, if there is one."""
        if self._horse is not None:
            self._horse.let_go()
            self._horse = None

    def _perform(self, order: str) -> bool:
        """Do one job, in the process that does them; return whether it went well."""
        if not self._is_horse:
            self._begin_as_horse()
        execution_id, name, job_id = order.split(" ", 2)
        job = self.job_class.fetch(job_id, connection=self.connection, serializer=self.serializer)
        execution = Execution(execution_id, job_id, self.connection, self.name)
        self.executions = {execution_id: execution}
        fine = self.perform_job(job, self._queue(name), execution)
        return fine and threading.active_count() == 1  # else a call that was given up lives on

    def _begin_as_horse(self) -> None:
        random.seed()
        self.setup_work_horse_signals()  # type: ignore[no-untyped-call]
        self._is_horse = True
        with self.app.app_context():
            db.engine.dispose(close=False)  # whatever the parent had open is not ours

    def _queue(self, name: str) -> Queue:
        return next(one for one in self.queues if one.name == name)

    def perform_job(self, job: Job, queue: Queue, execution: Any) -> bool:
        with self.app.app_context():
            return super().perform_job(job, queue, execution)

    def _install_signal_handlers(self) -> None:
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]
        endings.release()

    def request_stop(self, signum: Any, frame: Any) -> None:
        self.told_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def handle_warm_shutdown_request(self) -> None:
        if self.horse_pid:
            end = threading.Timer(FAREWELL, self._end_job)
            end.daemon = True
            end.start()

    def _end_job(self) -> None:
        if self.horse_pid:
            self.kill_horse()

    def _beat(self) -> None:
        """Tell the database that this worker lives, and leave no connection open."""
        if self.is_horse or time.monotonic() - self._beat_at < BEAT_EVERY:
            return
        self._beat_at = time.monotonic()
        with self.app.app_context():
            try:
                heartbeat.beat("worker", self._life, now=utcnow())
            except SQLAlchemyError:
                pass  # whoever looks sees that there is none
            finally:
                db.session.remove()
                db.engine.dispose()


def main() -> None:
    """Work until told to stop, whatever Redis does meanwhile."""
    app = create_app()
    logs.configure(app.config["LOG_FORMAT"])
    warm.up(app)
    run(app)


def run(app: Flask) -> None:
    """Work off the queue; when Redis fails a worker, another begins as soon as it is back."""
    pause = 1.0
    while True:
        began = time.monotonic()
        if _worked(app):
            return
        lasted = time.monotonic() - began
        pause = 1.0 if lasted > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
        if endings.came_within(pause):
            return


def _worked(app: Flask) -> bool:
    """Work until Redis fails; return whether it was somebody's wish to end."""
    worker = None
    endings.hold()  # RQ heeds them only while it works
    try:
        with Redis.from_url(app.config["REDIS_URL"]) as connection:
            worker = BookMeWorker(app, connection)
            try:
                worker.work(logging_level="WARNING")
            finally:
                worker.let_horse_go()
    except RedisError as error:
        log.warning("Redis: %s", type(error).__name__)
    except StopRequested:
        pass  # it was told to before it began
    finally:
        endings.hold()
    return worker is not None and worker.told_to_stop


if __name__ == "__main__":
    main()
