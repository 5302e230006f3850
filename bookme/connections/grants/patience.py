"""How long somebody waits for a token: for another's refresh, and for their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, sleep
from typing import TypeVar

from flask import Flask, current_app

from bookme.connections.grants.budget import Budget
from bookme.connections.grants.lease import Seen
from bookme.errors import ProviderUnavailable
from bookme.extensions import db

T = TypeVar("T")

#: Seconds between two looks at a lease that somebody else has, and how many looks are taken:
#: longer than the other's call takes.
_PAUSE = 0.1
_LOOKS = 120


def looks(budget: Budget) -> Iterator[timedelta]:
    """How long ago the first look was, as long as it is worth looking."""
    begun = monotonic()
    yield timedelta()
    for number in range(1, _LOOKS):
        if budget.is_spent:
            return
        sleep(_PAUSE)
        yield timedelta(seconds=max(number * _PAUSE, monotonic() - begun))


def patiently(refresh: Callable[[], T | None], seen: Seen, budget: Budget) -> T | None:
    """Refresh, and wait for it as long as the budget allows.

    A refresh that is given up may have used up the refresh token, and that is the end of the grant.
    So it goes on when whoever asked for it cannot wait any longer, and is stored all the same.
    """
    if not budget.is_limited:
        return refresh()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def apart() -> T | None:
        with app.app_context():
            try:
                return refresh()
            finally:
                db.session.remove()

    executor = ThreadPoolExecutor(1, thread_name_prefix="refresh")
    future = executor.submit(apart)
    executor.shutdown(wait=False)
    try:
        return future.result(budget.left)
    except TimeoutError:
        raise ProviderUnavailable(seen.provider, "still refreshing") from None
