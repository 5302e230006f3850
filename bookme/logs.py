"""What is logged, and what never is: no address with a token in it, no query, no person.

Each line says which request or job it belongs to. A request's id goes along with the hints that it
gives (:mod:`bookme.queue`), so that the lines of a job name the request that caused it.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

#: How lines may be written.
LINES, JSON = "lines", "json"
FORMATS = (LINES, JSON)

#: Where the environment of a request has its id.
REQUEST_ID = "bookme.request_id"
#: Long words in a path are tokens, wherever they stand; handles, slugs and references are shorter
#: than a token or made of hexadecimal digits only.
_TOKEN = re.compile(r"(?<=/)(?=[^/]{32,})(?![0-9a-f]{32}(?:/|$))[^/]+")


@dataclass(frozen=True, slots=True)
class Cause:
    """What the lines of the present moment belong to.

    :ivar request: the id of the request in hand, or of the one that caused the job in hand.
    :ivar job: the id of the job in hand.
    """

    request: str = ""
    job: str = ""


_NOTHING = Cause()
_cause: ContextVar[Cause] = ContextVar("cause", default=_NOTHING)


def cause() -> Cause:
    """What is in hand; without ids where a process does something of its own accord."""
    return _cause.get()


@contextmanager
def caused_by(*, request: str = "", job: str = "") -> Iterator[None]:
    """Lines that are written in this block belong to these."""
    token = _cause.set(Cause(request, job))
    try:
        yield
    finally:
        _cause.reset(token)


def masked_path(path: str) -> str:
    """A path fit for a log: tokens become ``***``."""
    return _TOKEN.sub("***", path)


def configure(written: str = LINES) -> None:
    """Log to standard error, a line an event.

    Called once by every process that is not the web's.

    :param written: one of :data:`FORMATS`.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if written == JSON else Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for talkative in ("urllib3", "rq", "alembic"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


class Lines(logging.Formatter):
    """For people: the time, the level, the logger, the message, and whose it is."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler's, with all that the error says
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        whose = ", ".join(f"{kind} {one}" for kind, one in _ids())
        return super().formatMessage(record) + (f" ({whose})" if whose else "")

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return _way(ei[1])


class Json(logging.Formatter):
    """For programs: the same, one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **dict(_ids()),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _way(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _ids() -> Iterator[tuple[str, str]]:
    now = cause()
    if now.request:
        yield "request", now.request
    if now.job:
        yield "job", now.job


def _way(error: BaseException) -> str:
    """Where an error happened, and its kind, after those that led to it. What it says is left out:
    it may quote a row or a person.
    """
    told: list[str] = []
    known: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in known:
        known.add(id(one))
        way = "".join(traceback.format_tb(one.__traceback__))
        told.append(f"{way}{type(one).__module__}.{type(one).__qualname__}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\nwhich led to\n".join(reversed(told))
