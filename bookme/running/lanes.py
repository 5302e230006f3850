"""Threads for requests, by path: what waits in one lane keeps nobody in another waiting."""

from collections.abc import Mapping
from typing import Any

from waitress.task import ThreadedTaskDispatcher


class Lanes:
    """What waitress gives its requests to.

    :param threads: of the lane for all that has none of its own.
    :param apart: how a path of another lane begins -> that lane's threads.
    """

    def __init__(self, threads: int, apart: Mapping[str, int]) -> None:
        self._usual = _threads(threads)
        self._apart = {begin: _threads(number) for begin, number in apart.items()}

    def add_task(self, task: Any) -> None:
        """Take a channel whose next request has been read whole."""
        path = getattr(task.requests[0], "path", "")  # none where no head could be read
        lanes = (lane for begin, lane in self._apart.items() if path.startswith(begin))
        next(lanes, self._usual).add_task(task)

    def shutdown(self) -> None:
        """End the threads."""
        for lane in (self._usual, *self._apart.values()):
            lane.shutdown()


def _threads(number: int) -> Any:
    lane = ThreadedTaskDispatcher()
    lane.set_thread_count(number)
    return lane
