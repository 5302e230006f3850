"""Counts what happens, where the operator has asked for metrics; else each of these costs nothing
but its call, and prometheus-client is not even loaded.
"""

import logging
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from bookme.meters.slots import Slots

if TYPE_CHECKING:
    from bookme.meters.kinds import Meters

log = logging.getLogger(__name__)


class Job(StrEnum):
    """What came of a job; ``killed``: its process was, by the worker or by the system."""

    DONE = "done"
    FAILED = "failed"
    KILLED = "killed"


class Call(StrEnum):
    """What came of a call to a provider: its answer by its status, or none."""

    OK = "ok"
    REFUSED = "refused"
    LIMITED = "limited"
    FAILED = "failed"
    SILENT = "silent"


class Mail(StrEnum):
    """What the mail server did with a message; ``later``: it may take it then."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"


class Refresh(StrEnum):
    """What came of a try to refresh a grant; ``overtaken``: the connection has changed meanwhile,
    and ``client_refused`` is about BookMe's own credentials.
    """

    RENEWED = "renewed"
    OVERTAKEN = "overtaken"
    ENDED = "ended"
    CLIENT_REFUSED = "client_refused"
    FAILED = "failed"


class Webhook(StrEnum):
    """What became of something that a provider told us."""

    TAKEN = "taken"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    FAILED = "failed"


#: The files in which nothing is ever counted.
_ZERO = "zero"
#: What a status stands for, by its first digit.
_BY_DIGIT = {2: Call.OK, 3: Call.OK, 4: Call.REFUSED, 5: Call.FAILED}


@dataclass(frozen=True, slots=True)
class Known:
    """Values of labels that are counted from zero: what happens for the first time is an increase
    then, and not the beginning of a series.

    :ivar tellers: the providers that tell us something.
    """

    pages: Iterable[str]
    jobs: Iterable[str]
    providers: Iterable[str]
    tellers: Iterable[str]


class _Counting:
    """The metrics and the files of this process, and which process that is."""

    def __init__(self, meters: "Meters", slots: Slots) -> None:
        self.meters = meters
        self.slots = slots
        self.pid = os.getpid()


_counting: _Counting | None = None
_moving = Lock()


def begin(folder: Path, known: Known) -> None:
    """Count from now on, in this process and in those that it forks. Where the folder takes no
    files nothing is counted, and that is said.
    """
    global _counting
    from prometheus_client import values  # takes a megabyte: only for those who want it

    from bookme.meters.kinds import Meters

    slots = Slots(folder)
    try:
        is_first = slots.begin()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)  # where files are opened
        if is_first:
            slots.lay(_ZERO)
            values.ValueClass = values.MultiProcessValue(lambda: _ZERO)  # type: ignore[no-untyped-call]
            _from_zero(Meters(), known)
            values.ValueClass.close_all_files()
        values.ValueClass = values.MultiProcessValue(lambda: slots.name)  # type: ignore[no-untyped-call]
        _counting = _Counting(Meters(), slots)
    except OSError as error:
        _give_up(error)


def is_on() -> bool:
    """Whether this process counts."""
    return _counting is not None


def end() -> None:
    """Count no more."""
    global _counting
    _counting = None


def _give_up(error: OSError) -> None:
    end()
    log.warning("nothing is counted for the metrics: %s", os.strerror(error.errno or 0))


def _from_zero(meters: "Meters", known: Known) -> None:
    every: tuple[tuple[Any, Iterable[tuple[str, ...]]], ...] = (
        (meters.requests, product(known.pages, ("2xx", "5xx"))),
        (meters.jobs, product(known.jobs, Job)),
        (meters.calls, product(known.providers, Call)),
        (meters.refreshes, product(known.providers, Refresh)),
        (meters.webhooks, product(known.tellers, Webhook)),
        (meters.mails, product(Mail)),
    )
    for metric, labels in every:
        for values in labels:
            metric.labels(*values)


def _meters() -> "Meters | None":
    """The metrics, if they are wanted, in files of this process."""
    counting = _counting
    if counting is None:
        return None
    if counting.pid != os.getpid():
        _move(counting)
    return counting.meters if is_on() else None


def _move(counting: _Counting) -> None:
    """This process was forked: from here on it counts by itself."""
    with _moving:
        if counting.pid == os.getpid():
            return
        try:
            counting.slots.take()
        except OSError as error:
            _give_up(error)
        counting.pid = os.getpid()


def request(page: str, status: str, seconds: float) -> None:
    """A request was answered.

    :param status: its class, such as ``2xx``.
    """
    if meters := _meters():
        meters.requests.labels(page, status).observe(seconds)


def request_wait(seconds: float) -> None:
    """A request that had come whole has waited so long for a thread."""
    if meters := _meters():
        meters.request_waits.observe(seconds)


def job(kind: str, outcome: Job, seconds: float) -> None:
    """A job has ended.

    :param kind: the name of its function.
    """
    if meters := _meters():
        meters.jobs.labels(kind, outcome).observe(seconds)


def call(provider: str, status: int | None, seconds: float) -> None:
    """A call to a provider was made.

    :param status: of its answer; None if there was none.
    """
    if meters := _meters():
        meters.calls.labels(provider, _outcome(status)).observe(seconds)


def _outcome(status: int | None) -> Call:
    if status is None:
        return Call.SILENT
    return Call.LIMITED if status == 429 else _BY_DIGIT.get(status // 100, Call.FAILED)


def mail(outcome: Mail, seconds: float) -> None:
    """A message was handed to the mail server, or should have been."""
    if meters := _meters():
        meters.mails.labels(outcome).observe(seconds)


def refresh(provider: str, outcome: Refresh) -> None:
    """A grant was to be refreshed."""
    if meters := _meters():
        meters.refreshes.labels(provider, outcome).inc()


def webhook(provider: str, outcome: Webhook) -> None:
    """A provider has told us something."""
    if meters := _meters():
        meters.webhooks.labels(provider, outcome).inc()


def breaker_open(breaker: str, seconds: float) -> None:
    """Something failed, and is left alone for so long."""
    if meters := _meters():
        meters.breakers.labels(breaker).set(time.time() + seconds)
