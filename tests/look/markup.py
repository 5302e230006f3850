"""Reads a template's HTML without rendering it: every expression becomes a word of its own, the
same expression the same word; statements and comments go.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_STATEMENT = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_EXPRESSION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    line: int
    in_label: bool

    def __str__(self) -> str:
        return f"<{self.tag}> near line {self.line}"


@dataclass
class Markup(HTMLParser):
    """The elements of one template, in order, and its inline scripts' texts."""

    elements: list[Element] = field(default_factory=list)
    labels: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes, self.getpos()[0], self.labels > 0))
        self.labels += tag == "label"

    def handle_endtag(self, tag: str) -> None:
        self.labels -= tag == "label"


def elements(source: str) -> list[Element]:
    """Every start tag of a template's source. Branches of a condition all count."""
    words: dict[str, str] = {}
    kept = _STATEMENT.sub(lambda gone: _lines(gone[0]), source)
    plain = _EXPRESSION.sub(
        lambda found: words.setdefault(found[1], f"value{len(words)}") + _lines(found[0]), kept
    )
    parser = Markup()
    parser.feed(plain)
    return parser.elements


def _lines(text: str) -> str:
    return "\n" * text.count("\n")
