"""Several requests' writes in one transaction.

A commit waits for the disk and for its turn among the writers, whatever is in it; many small ones
at once wait for each other. So while one is under way, whatever arrives is collected, and the next
takes all of it. Nobody goes on before what they brought is committed.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Together(Generic[Item, Result]):
    """Does the same work for all who ask at the same time, once for all of them.

    There is no thread of its own: whoever comes when nobody is at work does it, in their own
    context, for all who have come by then.

    :param work: commits, and returns what became of each item, in their order.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Result]]) -> None:
        self._work = work
        #: What has come and nobody is at work on, each with what will become of it.
        self.waiting: list[tuple[Item, Future[Result]]] = []
        self._is_at_work = False
        self._changed = threading.Condition()

    def do(self, item: Item) -> Result:
        """What became of an item, once it is committed. An error of the work is everyone's whose
        item was in it.
        """
        outcome: Future[Result] = Future()
        batch: list[tuple[Item, Future[Result]]] = []
        with self._changed:
            self.waiting.append((item, outcome))
            self._changed.wait_for(lambda: outcome.done() or not self._is_at_work)
            if not outcome.done():
                self._is_at_work = True
                batch, self.waiting = self.waiting, batch
        if batch:
            self._do_all(batch)
        return outcome.result()

    def _do_all(self, batch: list[tuple[Item, Future[Result]]]) -> None:
        try:
            results = self._work([item for item, _ in batch])
            for (_, outcome), result in zip(batch, results, strict=True):
                outcome.set_result(result)
        except BaseException as error:  # nobody waits for ever
            for _, outcome in batch:
                if not outcome.done():
                    outcome.set_exception(error)
        finally:
            with self._changed:
                self._is_at_work = False
                self._changed.notify_all()
