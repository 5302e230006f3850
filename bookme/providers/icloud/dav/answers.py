"""What a CalDAV server (RFC 4791) answers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lxml import etree

from bookme.errors import ProviderUnavailable
from bookme.providers.http.answers import Answer
from bookme.providers.icloud.dav import readable
from bookme.providers.icloud.dav.names import CALDAV, CONTENT, DAV

#: What a path may have as it is, besides letters and digits.
_UNQUOTED = "/@:+,;=!$&'()*~"
_BEGINNING = re.compile(r"<(?:[\w.-]+:)?calendar-data[\s>]")
_GONE = re.compile(r"HTTP/\S+ (404|410)\b")
_OK = "HTTP/1.1 200 OK"
_SUCCESS = re.compile(r"HTTP/\S+ 2\d\d\b")
_TOO_MANY = re.compile(r"HTTP/\S+ 507\b")


@dataclass(frozen=True, slots=True)
class Entries:
    """The files in an answer.

    :ivar lost: how many more there should be.
    """

    files: list[str]
    lost: int


def properties(provider: str, answer: Answer) -> list[tuple[str, dict[str, Any]]]:
    """The path of each thing in the answer, with those of its properties that it has.

    :raises ProviderUnavailable: if the answer makes no sense.
    """
    with _reading(provider):
        return [_described(one) for one in _responses(readable.tree(readable.text(answer)))]


def entries(provider: str, answer: Answer) -> Entries:
    """The entries in the answer, as iCalendar.

    :raises ProviderUnavailable: if the answer makes no sense, or says that there is more than it
        holds.
    """
    with _reading(provider):
        text = readable.text(answer)
        responses = _responses(readable.tree(text))
        if any(_TOO_MANY.match(status) for one in responses for status in _statuses(one)):
            raise ValueError("cut off")
        parts = [part for one in responses for part in one.iter(CONTENT)]
        shown = [_all_text(part) for part in parts if not _is_gone(part)]
        begun = len(_BEGINNING.findall(readable.QUOTED.sub("", text)))
        return Entries(shown, max(begun - len(parts), 0))


def _responses(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(f"{{{DAV}}}response"))


def _described(response: etree._Element) -> tuple[str, dict[str, Any]]:
    # iCloud names several of its hosts; only the path counts.
    path = urlsplit(_text_of(response.find(f"{{{DAV}}}href"))).path
    found: dict[str, Any] = {}
    for one in response.iter(f"{{{DAV}}}propstat"):
        status = _text_of(one.find(f"{{{DAV}}}status")) or _OK
        if _SUCCESS.match(status):
            shown = one.iterfind(f"{{{DAV}}}prop/*")
            found.update((str(part.tag), _value(part)) for part in shown)
    return quote(unquote(path), safe=_UNQUOTED), found


def _value(part: etree._Element) -> Any:
    """Addresses, names of components, privileges or kinds as a list; else the text."""
    inner = [child for child in part if isinstance(child.tag, str)]
    if not inner:
        return _all_text(part)
    return [name for child in inner for name in _names(child)]


def _names(child: etree._Element) -> Iterator[str]:
    if child.tag == f"{{{DAV}}}href":
        yield _text_of(child)
    elif child.tag == f"{{{CALDAV}}}comp":
        yield child.get("name", "")
    elif child.tag == f"{{{DAV}}}privilege":
        yield from (str(one.tag) for one in child)
    else:
        yield str(child.tag)


def _statuses(response: etree._Element) -> list[str]:
    return [_text_of(one) for one in response.iter(f"{{{DAV}}}status")]


def _is_gone(part: etree._Element) -> bool:
    """Whether a file that is spoken of has been deleted meanwhile."""
    over = next(part.iterancestors(f"{{{DAV}}}propstat", f"{{{DAV}}}response"), None)
    return over is not None and any(_GONE.match(status) for status in _statuses(over))


def _text_of(part: etree._Element | None) -> str:
    return _all_text(part).strip() if part is not None else ""


def _all_text(part: etree._Element) -> str:
    return "".join(str(piece) for piece in part.itertext())


@contextmanager
def _reading(provider: str) -> Iterator[None]:
    try:
        yield
    except (etree.LxmlError, ValueError):
        # Without its cause, which quotes the body.
        raise ProviderUnavailable(provider, "answered without sensible XML", sent=True) from None
