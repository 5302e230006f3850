"""A language in which every message is written in accented letters, and a reader of what is shown
in it: plain letters that are left over were never given to translators.

The application is spoken to in Greek, so that dates, lengths, lists and cities come in Greek
letters. What people type is Greek in these tests, too.
"""

import re
from collections.abc import Container, Iterator
from functools import lru_cache

import pytest
from babel.support import NullTranslations
from flask import Flask
from flask_babel import Domain
from lxml.etree import strip_elements
from lxml.html import HtmlElement, document_fromstring

LOCALE = "el"

_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "àƀçđèƒĝĥîĵķĺṁñòþɋŕšţũṽŵẋýžÀƁÇĐÈƑĜĤÎĴĶĹṀÑÒÞɊŔŠŢŨṼŴẊÝŽ",
)
#: Parts, elements and entities stay as they are.
_KEPT = re.compile(r"(%\(\w+\)[#0-9.]*[a-z]|%%|<[^>]*>|&\w+;)")
_PLAIN = re.compile(r"[A-Za-z]{2,}(?:[^\w<>]+[A-Za-z]+)*")

#: Names that are the same in every language, longest first.
NAMES = (
    *("Outlook.com", "Office 365", "Yahoo"),
    *("Google Calendar", "Google Meet", "Microsoft Outlook", "Microsoft Teams", "BookMe"),
    *("Office 365", "Yahoo"),
    *("Google", "Microsoft", "Outlook", "Teams", "Zoom", "iCloud", "Apple", "Meet", "UTC", "GMT"),
    *("Firefox on Linux", "localhost"),  # what the tests call their browser, and their site
)
_NAME = re.compile(rf"\b(?:{'|'.join(map(re.escape, NAMES))})\b")
#: Addresses, and the codes in which machines name what they mean.
_MACHINE = re.compile(
    r"\w+://\S+|\S+@\S+|\b[\w-]+(?:\.[a-z]\w+)+(?:/[\w/-]*)?|\b[0-9a-f]{16,}\b|(?<!\S)/[\w/.-]+"
    r"|abcd-efgh-ijkl-mnop|\b[A-Z]+(?:_[A-Z]+)+\b|'bookme [a-z -]+'|\bsqlite\b|\bsmtp \d+"
    r"|\bConnectionError\b"
)
_SHOWN = {"alt", "aria-label", "aria-description", "title", "placeholder"}
#: More attributes that are shown, and where.
_SHOWN_OF = {
    "content": "//meta[@name='description']",
    "value": "//input[@type='submit']",
    "label": "//optgroup",
}
_UNREAD = ("script", "style", "code", "kbd", "template")


def translated(text: str) -> str:
    """A message in the pseudo-language: ``⟦Ŝàvé⟧``, its parts and markup kept."""
    if not text:
        return text
    pieces = _KEPT.split(text)
    said = (one if nth % 2 else one.translate(_ACCENTED) for nth, one in enumerate(pieces))
    return f"⟦{''.join(said)}⟧"


class PseudoTranslations(NullTranslations):
    """The catalogue of the pseudo-language."""

    def __init__(self, known: Container[str] | None = None) -> None:
        super().__init__()
        self._known = known

    def gettext(self, message: str) -> str:
        is_known = self._known is None or message in self._known
        return translated(message) if is_known else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, singular: str, plural: str, num: int) -> str:
        return self.gettext(singular if num == 1 else plural)

    ugettext, ungettext, upgettext, unpgettext = gettext, ngettext, pgettext, npgettext


def install(
    app: Flask, monkeypatch: pytest.MonkeyPatch, known: Container[str] | None = None
) -> None:
    """Let an application speak the pseudo-language to readers of Greek, and to nobody else.

    :param known: the messages that are translated; None: all.
    """
    app.config["LANGUAGES"] = app.config["HOST_LANGUAGES"] = ("en", LOCALE)
    catalogue = PseudoTranslations(known)
    monkeypatch.setattr(Domain, "get_translations", lambda domain: catalogue)


@lru_cache(maxsize=10_000)
def plain(text: str) -> tuple[str, ...]:
    """What is written in plain letters and is no name, number or address."""
    if _PLAIN.search(text) is None:
        return ()
    return tuple(_PLAIN.findall(_NAME.sub("·", _MACHINE.sub(" · ", text))))


def plain_in_page(html: str) -> list[str]:
    """As :func:`plain`, of what is read on a page: its text, and the attributes that are spoken or
    shown.
    """
    page = document_fromstring(html.replace("<wbr>", ""))  # which parts nothing that is read
    strip_elements(page, *_UNREAD, with_tail=False)
    return [f"{said!r} in {where}" for said, where in _read(page) if plain(said)]


def _read(page: HtmlElement) -> Iterator[tuple[str, str]]:
    for element in page.iter("*"):
        if not _is_machines(element):
            for text in (element.text, *(child.tail for child in element)):
                if text:
                    yield " ".join(text.split()), f"<{element.tag}>"
        for name in _SHOWN.intersection(element.attrib):
            yield element.attrib[name], f"{name} of <{element.tag}>"
    for name, where in _SHOWN_OF.items():
        for element in page.xpath(f"{where}[@{name}]"):
            yield element.attrib[name], f"{name} of {where}"


def _is_machines(element: HtmlElement) -> bool:
    """Code; a zone's city, a country, or a language in a list, as each is written."""
    if element.get("lang") and element.tag == "a":
        return True
    if "code" in element.get("class", "").split():
        return True
    value = element.get("value", "") if element.tag == "option" else ""
    return bool(re.fullmatch(r"[A-Z]\w+/[\w/+-]+|UTC|[A-Z]{2}|[a-z]{2,3}(_[A-Z]{2})?", value))
