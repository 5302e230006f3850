"""The process that does a worker's jobs."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from bookme.jobs.processes import horse
from bookme.jobs.processes.horse import Horse

Make = Callable[[Callable[[str], bool]], Horse]


@pytest.fixture
def made() -> Iterator[Make]:
    with ExitStack() as ends:

        def make(do: Callable[[str], bool]) -> Horse:
            one = Horse(do)
            ends.callback(one.let_go)
            return one

        yield make


def test_it_does_one_job_after_the_other(made: Make) -> None:
    one = made(lambda _job: True)
    for job in ("first", "second"):
        assert one.order(job)
        assert not one.is_free
        assert one.wait() == (one.pid, 0)
        assert one.is_free


def test_after_a_job_that_failed_it_ends(made: Make) -> None:
    one = made(lambda job: job != "bad")
    one.order("bad")
    assert one.wait() == (one.pid, 0)
    assert not one.is_free


def test_it_ends_after_so_many_jobs(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(horse, "MOST_JOBS", 2)
    one = made(lambda _job: True)
    one.order("first")
    one.wait()
    one.order("second")
    assert one.wait() == (one.pid, 0)
    assert not one.is_free


def test_killed_without_a_job_it_takes_no_other(made: Make) -> None:
    one = made(lambda _job: True)
    one.order("first")
    one.wait()
    os.kill(one.pid, signal.SIGKILL)
    os.waitid(os.P_PID, one.pid, os.WEXITED | os.WNOWAIT)
    assert not one.order("second")


def test_killed_before_it_heard_of_a_job_it_has_not_begun_it(made: Make) -> None:
    one = made(lambda _job: True)
    one.order("first")
    one.wait()
    os.kill(one.pid, signal.SIGSTOP)  # what is sent to it now is sent to somebody alive
    threading.Timer(0.1, os.kill, (one.pid, signal.SIGKILL)).start()
    assert not one.order("second")


def test_killed_with_a_job_it_has_not_done_it(made: Make) -> None:
    one = made(lambda _job: bool(time.sleep(600)))
    one.order("long")
    os.kill(one.pid, signal.SIGKILL)
    assert one.wait() == (one.pid, signal.SIGKILL)
    assert not one.is_free
    assert one.wait() == (one.pid, None), "asked for again"


def test_an_error_that_nobody_foresaw_is_the_end_of_it(made: Make) -> None:
    one = made(lambda _job: 1 // 0 > 0)
    one.order("bad")
    pid, status = one.wait()
    assert os.waitstatus_to_exitcode(status or 0) == 1
    assert pid == one.pid


class Woken(Exception):
    pass


def test_a_wait_that_is_interrupted_can_be_repeated(made: Make) -> None:
    def wake(_signal: int, _frame: object) -> None:
        raise Woken

    one = made(lambda _job: time.sleep(1) is None)
    one.order("long")
    before = signal.signal(signal.SIGALRM, wake)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(Woken):
            one.wait()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert one.wait() == (one.pid, 0)
    assert one.wait() == (one.pid, 0), "the answer stays until the next order"


def test_it_is_let_go_when_it_has_had_nothing_to_do_for_long(
    made: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made(lambda _job: True)
    assert not one.is_idle
    monkeypatch.setattr(horse, "IDLE", -1.0)
    assert one.is_idle
    one.order("first")
    assert not one.is_idle, "a job in hand"
    one.wait()
    assert one.is_idle
