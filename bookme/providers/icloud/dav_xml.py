"""What a CalDAV server (RFC 4791) is asked, and what it answers.

Answers come from outside: nothing in them is fetched, no entity of theirs is expanded, and a
character that XML forbids, raw or as a reference, costs itself only.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lxml import etree
from lxml.builder import ElementMaker

from bookme.errors import ProviderUnavailable
from bookme.providers.http.answers import Answer

_DAV = "DAV:"
_CALDAV = "urn:ietf:params:xml:ns:caldav"
_APPLE = "http://apple.com/ns/ical/"
_D = ElementMaker(namespace=_DAV, nsmap={"D": _DAV, "C": _CALDAV, "I": _APPLE})
_C = ElementMaker(namespace=_CALDAV, nsmap={"D": _DAV, "C": _CALDAV})
_I = ElementMaker(namespace=_APPLE, nsmap={"I": _APPLE})

#: The names of what is asked for, as the answers have them.
PRINCIPAL = f"{{{_DAV}}}current-user-principal"
HOME = f"{{{_CALDAV}}}calendar-home-set"
KIND = f"{{{_DAV}}}resourcetype"
CALENDAR_KIND = f"{{{_CALDAV}}}calendar"
DISPLAY_NAME = f"{{{_DAV}}}displayname"
COLOR = f"{{{_APPLE}}}calendar-color"
COMPONENTS = f"{{{_CALDAV}}}supported-calendar-component-set"
PRIVILEGES = f"{{{_DAV}}}current-user-privilege-set"
TIME_ZONE = f"{{{_CALDAV}}}calendar-timezone"
_CONTENT = f"{{{_CALDAV}}}calendar-data"

#: What a path may have as it is, besides letters and digits.
_UNQUOTED = "/@:+,;=!$&'()*~"
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
#: A line folded within a character (RFC 5545, 3.1): what follows could begin no other.
_FOLDED = re.compile(rb"(?:(?:\r|&#13;|&#xD;)?\n|\r)[ \t](?=[\x80-\xbf])", re.IGNORECASE)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_QUOTED = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
#: One that begins none of the five entities that XML has by itself, nor a reference.
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")
_HAS_TYPES = re.compile(r"\s*(?:<!--.*?-->\s*)*<!DOCTYPE", re.DOTALL | re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]+:)?multistatus\s*>\s*$|<(?:[\w.-]+:)?multistatus[^>]*/>\s*$")
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


def who() -> bytes:
    """Ask whose calendars these are."""
    return _properties_of(_D("current-user-principal"))


def where() -> bytes:
    """Ask where somebody's calendars are."""
    return _properties_of(_C("calendar-home-set"))


def which() -> bytes:
    """Ask which calendars there are."""
    return _properties_of(
        _D("displayname"),
        _D("resourcetype"),
        _D("current-user-privilege-set"),
        _I("calendar-color"),
        _C("supported-calendar-component-set"),
        _C("calendar-timezone"),
    )


def entries_between(begin: datetime, end: datetime) -> bytes:
    """Ask for the entries that touch a stretch of time, those that repeat included."""
    first, last = (f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (begin, end))
    when = _C("time-range", start=first, end=last)
    only = _C("comp-filter", _C("comp-filter", when, name="VEVENT"), name="VCALENDAR")
    query = _C("calendar-query", _D("prop", _C("calendar-data")), _C("filter", only))
    return _bytes(query)


def _properties_of(*names: etree._Element) -> bytes:
    return _bytes(_D("propfind", _D("prop", *names)))


def _bytes(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="utf-8", xml_declaration=True)


def properties(provider: str, answer: Answer) -> list[tuple[str, dict[str, Any]]]:
    """The path of each thing in the answer, with those of its properties that it has.

    :raises ProviderUnavailable: if the answer makes no sense.
    """
    with _reading(provider):
        return [_described(one) for one in _responses(_tree(_text(answer)))]


def entries(provider: str, answer: Answer) -> Entries:
    """The entries in the answer, as iCalendar.

    :raises ProviderUnavailable: if the answer makes no sense, or says that there is more than it
        holds.
    """
    with _reading(provider):
        text = _text(answer)
        responses = _responses(_tree(text))
        if any(_TOO_MANY.match(status) for one in responses for status in _statuses(one)):
            raise ValueError("cut off")
        parts = [part for one in responses for part in one.iter(_CONTENT)]
        shown = [_all_text(part) for part in parts if not _is_gone(part)]
        begun = len(_BEGINNING.findall(_QUOTED.sub("", text)))
        return Entries(shown, max(begun - len(parts), 0))


def _text(answer: Answer) -> str:
    """The answer without what would stop a parser."""
    named = _ENCODING.match(answer.content[:200].lstrip())
    content = _FOLDED.sub(b"", answer.content)
    try:
        text = content.decode(named[1].decode() if named else "utf-8", errors="replace")
    except LookupError:
        text = content.decode("utf-8", errors="replace")
    text = _FORBIDDEN.sub("", _DECLARATION.sub("", text.lstrip("\ufeff")))
    pieces = _QUOTED.split(text)
    pieces[::2] = [_AMPERSAND.sub("&amp;", _REFERENCE.sub(_allowed, one)) for one in pieces[::2]]
    return "".join(pieces)


def _allowed(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    return found[0] if number < 0x110000 and not _FORBIDDEN.match(chr(number)) else ""


def _tree(text: str) -> etree._Element:
    if _HAS_TYPES.match(text) or not _END.search(text):
        raise ValueError("no whole answer")
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True
    )
    root = etree.fromstring(text.encode(), parser)
    if root is None or root.tag != f"{{{_DAV}}}multistatus":
        raise ValueError("no list of things")
    return root


def _responses(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(f"{{{_DAV}}}response"))


def _described(response: etree._Element) -> tuple[str, dict[str, Any]]:
    # iCloud names several of its hosts; only the path counts.
    path = urlsplit(_text_of(response.find(f"{{{_DAV}}}href"))).path
    found: dict[str, Any] = {}
    for one in response.iter(f"{{{_DAV}}}propstat"):
        status = _text_of(one.find(f"{{{_DAV}}}status")) or _OK
        if _SUCCESS.match(status):
            shown = one.iterfind(f"{{{_DAV}}}prop/*")
            found.update((str(part.tag), _value(part)) for part in shown)
    return quote(unquote(path), safe=_UNQUOTED), found


def _value(part: etree._Element) -> Any:
    """Addresses, names of components, privileges or kinds as a list; else the text."""
    inner = [child for child in part if isinstance(child.tag, str)]
    if not inner:
        return _all_text(part)
    return [name for child in inner for name in _names(child)]


def _names(child: etree._Element) -> Iterator[str]:
    if child.tag == f"{{{_DAV}}}href":
        yield _text_of(child)
    elif child.tag == f"{{{_CALDAV}}}comp":
        yield child.get("name", "")
    elif child.tag == f"{{{_DAV}}}privilege":
        yield from (str(one.tag) for one in child)
    else:
        yield str(child.tag)


def _statuses(response: etree._Element) -> list[str]:
    return [_text_of(one) for one in response.iter(f"{{{_DAV}}}status")]


def _is_gone(part: etree._Element) -> bool:
    """Whether a file that is spoken of has been deleted meanwhile."""
    over = next(part.iterancestors(f"{{{_DAV}}}propstat", f"{{{_DAV}}}response"), None)
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
