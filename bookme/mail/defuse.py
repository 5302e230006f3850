"""Words that strangers typed, made safe to put into a mail.

BookMe sends confirmations to whatever address a booker typed; without this, anybody could have it
send a link of their choice to anybody. In HTML elements break up what would become a link
(:func:`~bookme.typed.unlinkable`). Plain text has no elements, so a space does it there, but only
where a mail program would see a link: ``evil.com/x``, never ``Node.js``.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from bookme.typed import Shown, apart, closed, unlinkable

_FILE = Path(__file__).with_name("top_level_domains.txt")
#: Full stops, also those that browsers take for dots.
_DOTS = ".\u3002\uff0e\uff61"
#: No part of a label: blanks, ASCII's punctuation save the hyphen, quotes, dashes, wide commas.
_NO_LABEL = rf"\s!-,/:-@\[-`{{-~\u2010-\u205e\u3001\uff0c{_DOTS}"
_DOT = re.compile(rf"(?<=[^\s!-/:-@\[-\^`{{-~{_DOTS}])([{_DOTS}])(?=([^{_NO_LABEL}]+))")
#: Schemes that need no slashes; the path of a server, of which Outlook makes a link.
_BARE_SCHEME = re.compile(r"\b((?:https?|ftp|file)(?=:[^\s/])|mailto(?=:\S)):", re.IGNORECASE)
_SERVER_PATH = re.compile(r"(?<!\\)\\\\(?=[^\\\s])")
_HOST = re.compile(r"\b((?:www|ftp)\d?\.)(?=[^\W_])", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\d.])((?:\d{1,3}\.){3})(?=\d{1,3}[:/]\S)")
#: What is a link whatever its top level is: the domain of an address, or after a scheme.
_DOMAIN = re.compile(r"(?:(?<=[^\s@])@|(?<=: //)|(?<=www\. )|(?<=ftp\. ))[^\s@/]+")
_DOT_OF_DOMAIN = re.compile(rf"(?<=[^\s{_DOTS}])([{_DOTS}])(?=\w)")
_LEADING = re.compile(r"[a-z0-9]+")


def theirs(text: str) -> Shown:
    """What a stranger typed, in both forms."""
    return Shown(apart(defused(text)), unlinkable(text))


def named(name: str) -> str:
    """A stranger's name where it stands alone: in a header of a mail, or beside an address."""
    return closed(defused(name))


def defused(text: str) -> str:
    """The same for plain text, with a space wherever a mail program would see a link."""
    text = _BARE_SCHEME.sub(r"\1: ", text.replace("://", ": //"))
    text = _SERVER_PATH.sub(r"\\\\ ", text)
    text = _HOST.sub(r"\1 ", _NUMBERS.sub(r"\1 ", text))
    text = _DOMAIN.sub(lambda domain: _DOT_OF_DOMAIN.sub(r"\1 ", domain[0]), text)
    return _DOT.sub(lambda dot: f"{dot[1]} " if _is_top_level(dot[2]) else dot[1], text)


def _is_top_level(label: str) -> bool:
    """Whether a mail program may take the words after a dot for a top-level domain: as a whole,
    up to a hyphen, or for as long as they are ASCII letters (``evil.com`` before Japanese words).
    """
    seen = "".join(c for c in label if unicodedata.category(c) != "Cf")
    whole = unicodedata.normalize("NFKC", seen).casefold()
    leading = _LEADING.match(whole)
    candidates = {whole, whole.partition("-")[0], leading[0] if leading is not None else ""}
    return not candidates.isdisjoint(_top_level())


@cache
def _top_level() -> frozenset[str]:
    lines = (one for one in _FILE.read_text("ascii").splitlines() if not one.startswith("#"))
    names = [name for one in lines for name in one.split()]
    return frozenset(names) | {_decoded(name) for name in names}


def _decoded(name: str) -> str:
    label = name.removeprefix("xn--")
    return name if label == name else label.encode().decode("punycode").casefold()
