"""Somebody with a browser who does not give up."""

import threading
import time
from typing import Self

import requests

from tests.visitor import PATIENCE, Fields, Visitor

#: Seconds between two tries.
_PAUSE = 0.2


class Persistent(Visitor):
    """Sends the same once more when nobody answers, or the line is cut before the answer is there:
    whether it was done the first time, the sender does not know.

    :ivar waited: when it began to wait for an answer (monotonic), and for how many seconds.
    :ivar broken: pages that were answered with an error of the server. That Zoom does not answer is
        none, on the page where its answer is waited for.
    """

    def __init__(self, home: str) -> None:
        super().__init__(home)
        self.waited: list[tuple[float, float]] = []
        self.broken: list[str] = []

    def _show(self, method: str, address: str, fields: Fields | None = None) -> Self:
        ends = time.monotonic() + PATIENCE
        while True:
            began = time.monotonic()
            try:
                super()._show(method, address, fields)
                break
            except requests.ConnectionError:
                if time.monotonic() > ends:
                    raise
                threading.Event().wait(_PAUSE)
        self.waited.append((began, self.seconds))
        if self.status >= 500 and not (self.status == 503 and "/connections/" in self.url):
            self.broken.append(f"{method} {address.partition('?')[0]}: {self.status}")
        return self
