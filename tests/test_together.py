"""Work of several who ask at the same time, done once for all of them."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from bookme.together import Together
from tests.patience import wait_until


class Work:
    """Doubles numbers, a batch at a time, when it may; has no answer to 13."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.may_go_on = threading.Event()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        self.may_go_on.wait(20)
        if 13 in numbers:
            raise ValueError("13")
        return [2 * number for number in numbers]


class Crowd:
    """Asks in threads."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.work = Work()
        self.together = Together(self.work)
        self._pool = pool

    def ask(self, number: int) -> Future[int]:
        return self._pool.submit(self.together.do, number)

    def begun(self) -> Future[int]:
        """Somebody is at work, for number 0."""
        first = self.ask(0)
        wait_until(lambda: self.work.batches, "the first is at work")
        return first

    def gathered(self, *numbers: int) -> list[Future[int]]:
        """These wait for whoever is at work."""
        asked = [self.ask(number) for number in numbers]
        wait_until(lambda: len(self.together.waiting) == len(numbers), "all wait")
        return asked


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    with ThreadPoolExecutor(8) as pool:
        one = Crowd(pool)
        yield one
        one.work.may_go_on.set()


def test_what_comes_meanwhile_is_done_at_once_and_each_gets_its_own(crowd: Crowd) -> None:
    first, others = crowd.begun(), crowd.gathered(1, 2, 3, 4, 5)
    crowd.work.may_go_on.set()
    assert [one.result(20) for one in (first, *others)] == [0, 2, 4, 6, 8, 10]
    assert [sorted(batch) for batch in crowd.work.batches] == [[0], [1, 2, 3, 4, 5]]


def test_nobody_goes_on_before_it_is_done(crowd: Crowd) -> None:
    asked = [crowd.begun(), *crowd.gathered(1, 2)]
    assert not any(one.done() for one in asked)


def test_what_fails_fails_for_all_in_it_and_not_for_others(crowd: Crowd) -> None:
    first, others = crowd.begun(), crowd.gathered(1, 13)
    crowd.work.may_go_on.set()
    assert first.result(20) == 0
    for one in others:
        with pytest.raises(ValueError, match="13"):
            one.result(20)
    assert crowd.ask(7).result(20) == 14
