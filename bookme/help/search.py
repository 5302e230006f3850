"""Searching the help: in the words of its own pages, in the reader's language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from flask_babel import get_locale
from lxml import html
from markupsafe import Markup

from bookme import retention
from bookme.help.topics import TOPICS, Topic

#: So many results at most, of so many letters each.
_MOST, _LETTERS = 12, 220
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a topic, under one heading.

    :ivar anchor: its heading's id; empty for what stands before the first.
    """

    topic: Topic
    anchor: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """A section that was found, with the words of it that were asked for marked."""

    section: Section
    title: Markup
    excerpt: Markup


def search(asked: str) -> list[Result]:
    """Sections with every word that was asked for, or words that begin so; those that have them in
    their heading first.
    """
    words = [word.casefold() for word in _WORD.findall(asked)][:8]
    if not words:
        return []
    begins = [re.compile(rf"\b{re.escape(word)}\w*", re.IGNORECASE) for word in words]
    found = [one for one in _sections() if all(b.search(_all(one)) for b in begins)]
    found.sort(key=lambda one: (-sum(bool(b.search(one.title)) for b in begins), not one.anchor))
    marks = re.compile("|".join(begin.pattern for begin in begins), re.IGNORECASE)
    return [
        Result(one, _marked(one.title, marks), _marked(_excerpt(one.text, marks), marks))
        for one in found[:_MOST]
    ]


def _all(section: Section) -> str:
    return f"{section.topic.title} {section.title} {section.text}"


def _sections() -> list[Section]:
    """All of the help, read once for each language."""
    known: dict[str, list[Section]] = current_app.extensions.setdefault("help_sections", {})
    locale = str(get_locale())
    if locale not in known:
        known[locale] = [part for topic in TOPICS.values() for part in _parts(topic)]
    return known[locale]


def _parts(topic: Topic) -> Iterator[Section]:
    keeping = retention.days(current_app.config)
    text = render_template(f"help/_{topic.name}.html", retention=keeping)
    body = html.fragment_fromstring(text, create_parent="div")
    anchor, title, texts = "", str(topic.title), [str(topic.about)]
    for element in body:
        if element.tag == "h2":
            yield Section(topic, anchor, title, _plain(texts))
            anchor, title, texts = element.get("id", ""), element.text_content().strip(), []
        else:
            texts.append(_text(element))
    yield Section(topic, anchor, title, _plain(texts))


def _text(element: Any) -> str:
    return " ".join(str(part) for part in element.itertext())


def _plain(texts: list[str]) -> str:
    spaced = re.sub(r"\s+", " ", " ".join(texts)).strip()
    return re.sub(r" ([.,:;)])", r"\1", spaced)


def _excerpt(text: str, marks: re.Pattern[str]) -> str:
    """The part of a text around the first word that was asked for."""
    first = marks.search(text)
    begin = max(0, (first.start() if first else 0) - _LETTERS // 3)
    begin = text.find(" ", begin) + 1 if begin else 0
    part = text[begin : begin + _LETTERS]
    if begin + _LETTERS < len(text):
        part = f"{part.rpartition(' ')[0]}…"
    return f"…{part}" if begin else part


def _marked(text: str, marks: re.Pattern[str]) -> Markup:
    parts, at = [], 0
    for match in marks.finditer(text):
        parts += [Markup.escape(text[at : match.start()]), Markup("<mark>%s</mark>") % match[0]]
        at = match.end()
    return Markup("").join([*parts, Markup.escape(text[at:])])
