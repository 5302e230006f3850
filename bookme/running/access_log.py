"""A line for each request: method, path, status and seconds; no address of anybody, no query, no
referrer, and no token that stands in a path.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any

from waitress.task import ErrorTask, Task, WSGITask

from bookme import logs
from bookme.logs import masked_path
from bookme.meters import count

log = logging.getLogger("bookme.access")


class Logged(Task):
    """Writes its line when it is done."""

    #: The application's, where it was asked.
    environ: Mapping[str, Any] | None = None

    def service(self) -> None:
        began = time.monotonic()
        count.request_wait(began - self.channel.free_since)
        try:
            super().service()
        finally:
            self._write(time.monotonic() - began)

    def _write(self, seconds: float) -> None:
        request = self.request
        environ: Mapping[str, str] = self.environ or {}
        with logs.caused_by(request=environ.get(logs.REQUEST_ID, "")):
            log.info(
                "%s %s %s %.6f",
                getattr(request, "command", "-"),
                logged_path(getattr(request, "path", "-")),
                self.status.split(" ", 1)[0],
                seconds,
            )


class LoggedTask(Logged, WSGITask):
    """A request that the application answers."""


class LoggedErrorTask(Logged, ErrorTask):
    """A request that the server refuses itself."""


def logged_path(path: str) -> str:
    """A path as WSGI has it, masked and in one line, whatever was sent."""
    words = path.encode("latin-1", "replace").decode("utf-8", "replace")
    return masked_path(words.encode("unicode_escape").decode("ascii").replace(" ", "%20"))


class WithoutPaths(logging.Filter):
    """Takes the path out of what waitress says of a request that failed, and the values that its
    traceback may quote.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        head, serving, _path = str(record.msg).partition(" while serving ")
        if serving:
            kind = record.exc_info[0] if record.exc_info else None
            record.msg, record.args = "%s while serving a request: %s", _named(head, kind)
            record.exc_info = None
        return True


def _named(head: str, kind: type[BaseException] | None) -> tuple[Any, ...]:
    return head, kind.__name__ if kind else "-"


def quieten() -> None:
    """Set up what waitress logs: nothing about queues, and no path."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress = logging.getLogger("waitress")
    if not any(isinstance(one, WithoutPaths) for one in waitress.filters):
        waitress.addFilter(WithoutPaths())
