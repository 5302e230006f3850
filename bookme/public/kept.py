"""Public pages as they were made, kept in each process for as long as nothing that they show has
changed.

What such a page shows is a function of the host's version, the minute, the address, and what the
reader has chosen: zone, clock and language. All that is its key, so what is found under it is what
would be made now; and its ETag, so a browser that has the page is told that it is still right.

The version is read before anything else of the page. A page that somebody changes while it is made
can only be newer than its key says, and who reads the changed version doesn't find it.

Nothing personal is kept: no page of somebody with a session (it may have words for them), none of
a single-use link, and none whose address brings what somebody typed or where they came from.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from cachetools import TTLCache
from flask import Flask, Response, current_app, g, request
from flask_babel import get_locale
from markupsafe import Markup

from bookme.accounts import zones
from bookme.availability import to_minutes, to_minutes_up
from bookme.clock import utcnow
from bookme.public import versions, visits
from bookme.public.browser import custom_of
from bookme.public.published import Published
from bookme.public.versions import Seen
from bookme.web import framing, htmx, words
from bookme.web.assets import answers

#: Of all pages that a process keeps, as they are sent: some two thousand.
MOST_BYTES = 8_000_000
#: What a page is besides its body, about.
_BESIDES = 1_500
#: A key has the minute, so nothing is found after that many seconds. Nobody's page stays for longer
#: in a process to which somebody comes.
_LIVES = 120
#: Longer addresses are made up by somebody.
_LONGEST_QUERY = 300
#: A browser may keep it, and asks each time whether it is still right.
_ASK_AGAIN = "private, no-cache"
#: What an address may say without being somebody's own.
_CHOICES = {"zone", "clock", "month", "day", "minutes", "choose"}
_CHOICES |= {"embed", "theme", words.CHOICE, "after"}

#: Where a request says which version of its host was seen, if that was asked for already.
SEEN = "bookme.seen"
#: Where an answer's request says what it was made of.
_MADE = "bookme.made_of"

Make = Callable[[Seen | None, datetime], Response]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is sent.

    :ivar sites: those that may show it.
    :ivar hurries: who reads it has the host's calendars read.
    """

    body: bytes
    headers: tuple[tuple[str, str], ...]
    sites: tuple[str, ...]
    hurries: bool

    @property
    def size(self) -> int:
        """Its bytes in memory, about."""
        return len(self.body) + _BESIDES


@dataclass(frozen=True, slots=True)
class Part:
    """A part of pages, as it stands there."""

    html: Markup

    @property
    def size(self) -> int:
        """Its bytes in memory, about."""
        return 2 * len(self.html)


@dataclass(frozen=True, slots=True)
class Made:
    """What a page was made of, besides what its reader has chosen.

    :ivar minutes: the one that had begun, and the one by which times are offered.
    :ivar hurries: who reads it has the host's calendars read, if nobody has had that for a while.
    """

    endpoint: str
    handle: str
    seen: Seen
    minutes: tuple[int, int]
    hurries: bool

    def is_right(self, seen: Seen | None, now: datetime) -> bool:
        """Whether it would be made the same now, and nothing is to be done beside."""
        return (
            seen is not None
            and self.minutes == _minutes(now)
            and (seen.host_id, seen.number) == (self.seen.host_id, self.seen.number)
            and not (self.hurries and seen.is_unvisited)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer to a request, as WSGI has it; see ``again.py``."""

    made: Made
    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def size(self) -> int:
        """Its bytes in memory, about."""
        return len(self.body) + 2 * _BESIDES


@dataclass(frozen=True, slots=True)
class Found:
    """Times on offer, in minutes since the epoch."""

    starts: list[int]

    @property
    def size(self) -> int:
        """Their bytes in memory, about."""
        return 500 + 40 * len(self.starts)


class Sized(Protocol):
    """What can be kept."""

    @property
    def size(self) -> int: ...


Value = TypeVar("Value", bound=Sized)


class Kept(Generic[Value]):
    """What a process keeps; what nobody has asked for longest makes room."""

    def __init__(self, most_bytes: int) -> None:
        self._kept: TTLCache[Hashable, Value] = TTLCache(
            most_bytes, _LIVES, timer=lambda: utcnow().timestamp(), getsizeof=lambda one: one.size
        )
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            self._kept.expire()
            return self._kept.get(key)

    def keep(self, key: Hashable, one: Value) -> None:
        with self._lock:
            if one.size <= self._kept.maxsize:
                self._kept[key] = one

    @property
    def size(self) -> int:
        """The bytes of all of it."""
        return int(self._kept.currsize)


class Pages(Kept[Page]):
    """The pages that a process keeps.

    :ivar answers: those that were made of them. What both hold is there once.
    :ivar schedules: what they are made of; and ``times``, what is on offer.
    :ivar forms: fields that nobody has filled in; nothing of a reader's.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(most_bytes)
        self.answers: Kept[Answer] = Kept(most_bytes // 2)
        self.schedules: Kept[Published] = Kept(most_bytes // 4)
        self.times: Kept[Found] = Kept(most_bytes // 8)
        self.forms: Kept[Part] = Kept(most_bytes // 4)


def allow(*, hurries: bool = False) -> None:
    """Let the page that is being made be kept, if its reader's choices let it."""
    g.may_be_kept, g.hurries = True, hurries


def answer(handle: str, make: Make) -> Response:
    """A public page of the host with this handle: the kept one, else one that is made now."""
    now = utcnow()
    seen = request.environ.get(SEEN) or versions.seen(handle, now=now)
    key = _key(seen, now) if seen is not None and _is_for_all() else None
    if seen is None or key is None:
        return make(seen, now)
    pages = pages_of(current_app)
    page = pages.get(key)
    if page is not None:
        _may_be_given_again(page, handle, seen, now)
        return _kept(page, key, seen)
    response = make(seen, now)
    if response.status_code == 200 and g.pop("may_be_kept", False):
        answers.compress(response)
        page = _page(response)
        pages.keep(key, page)
        _may_be_given_again(page, handle, seen, now)
        _name(response, key)
        if request.if_none_match.contains_weak(key):
            return _unchanged(response)
    return response


def pages_of(app: Flask) -> Pages:
    """What this process keeps."""
    kept = app.extensions
    pages: Pages = kept.get("kept_pages") or kept.setdefault("kept_pages", Pages())
    return pages


def offered(seen: Seen, now: datetime, asked: Hashable, find: Callable[[], list[int]]) -> list[int]:
    """What a version of a host has on offer in a minute: found before, or found now.

    :param asked: of which schedule and length, and between which instants.
    """
    times, key = pages_of(current_app).times, (seen.host_id, seen.number, *_minutes(now), asked)
    found = times.get(key)
    if found is None:
        times.keep(key, found := Found(find()))
    return found.starts


def made_of(environ: Mapping[str, Any]) -> Made | None:
    """What the answer to a request was made of, if it may be given again."""
    return environ.get(_MADE)


def _may_be_given_again(page: Page, handle: str, seen: Seen, now: datetime) -> None:
    made = Made(request.endpoint or "", handle, seen, _minutes(now), page.hurries)
    request.environ[_MADE] = made


def _minutes(now: datetime) -> tuple[int, int]:
    """Times are shown by the minute that has begun, and offered by the one that ends."""
    return to_minutes(now), to_minutes_up(now)


def _is_for_all() -> bool:
    """Whether a page for this request has nothing that only its reader may see."""
    return (
        request.method == "GET"
        and current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
        and len(request.query_string) <= _LONGEST_QUERY
        and _CHOICES.issuperset(request.args)
    )


def _key(seen: Seen, now: datetime) -> str:
    """All that the page is a function of."""
    zone = request.cookies.get("zone", "").partition("@")[0]
    facts = (
        *(request.script_root, request.path, request.query_string),
        *(seen.host_id, seen.number, *_minutes(now)),
        *(htmx.wants_fragment(), answers.way_of_request()),
        *(zone if zones.is_zone(zone) else "", words.chosen(), str(get_locale())),
        custom_of(request.headers.get("Accept-Language")),
    )
    return blake2b(repr(facts).encode(), digest_size=16).hexdigest()


def _page(response: Response) -> Page:
    headers = tuple((name, value) for name, value in response.headers if name != "Content-Length")
    return Page(response.get_data(), headers, framing.sites(), g.pop("hurries", False))


def _kept(page: Page, key: str, seen: Seen) -> Response:
    if page.hurries and seen.is_unvisited:
        visits.hurry(seen.host_id)
    framing.allow(page.sites)
    response = Response(page.body, headers=list(page.headers))
    _name(response, key)
    return _unchanged(response) if request.if_none_match.contains_weak(key) else response


def _name(response: Response, key: str) -> None:
    response.headers["Cache-Control"] = _ASK_AGAIN
    response.set_etag(key, weak=True)


def _unchanged(response: Response) -> Response:
    response.status_code = 304
    response.set_data(b"")
    for name in ("Content-Length", "Content-Encoding"):
        response.headers.pop(name, None)
    return response
