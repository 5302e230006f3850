"""An event's text as HTML, and the part of it that belongs to Teams.

Teams writes how to join into the text of an event, below what was there. An event whose text is
replaced without that part is no online meeting any more:
https://learn.microsoft.com/graph/api/event-update
"""

import re
from html import escape
from html.parser import HTMLParser

#: What Teams' part begins with: a line of underscores, or an element of its own class.
_LINE = "_" * 20
_CLASS = "me-email-text"
_VOID = {"br", "hr", "img", "meta", "link", "input", "wbr", "col", "area", "base"}


def page(text: str) -> str:
    """Plain text as a page of HTML, with nothing in it that could be taken for Teams' part."""
    return f"<html><body>{_own(text)}</body></html>"


def replaced(content: str, text: str, *, join_url: str, own_url: str) -> str | None:
    """The page with another text above Teams' part.

    :param content: the page as it is, with Teams' part at its end.
    :param join_url: of the meeting; stands in Teams' part.
    :param own_url: stands in ours.
    :return: None if it cannot be told where Teams' part begins, and nothing may be replaced.
    """
    start = _start(content, join_url, own_url)
    if start is None:
        return None
    close = re.search(r"</body\s*>", content[start:], re.IGNORECASE)
    rest = content[start : start + close.start()] if close else content[start:]
    return f"<html><body>{_own(text)}{rest}</body></html>"


def _own(text: str) -> str:
    harmless = re.sub("_{4,}", "___", text)
    return f"<div>{escape(harmless, quote=False).replace(chr(10), '<br>')}</div>"


def _start(content: str, join_url: str, own_url: str) -> int | None:
    nodes = _Nodes(content).found
    named = [n for n, (_, seen) in enumerate(nodes) if _LINE in seen or _CLASS in seen]
    # In a shape not known yet it still has the link, and stands last.
    linking = [n for n, (_, seen) in enumerate(nodes) if join_url in seen][-1:]
    for first in (named or linking)[:1]:
        if own_url in nodes[first][1]:
            return None
        while first and not nodes[first - 1][1].strip():
            first -= 1  # a line break or a gap before it may be its own
        return nodes[first][0]
    return None


class _Nodes(HTMLParser):
    """The elements right below a page's body, or of a fragment: where each begins, and all that it
    says in texts, classes and links.
    """

    def __init__(self, content: str) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._depth = 0
        self._lines = [0]
        for line in content.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("html", "head", "body"):
            self._depth = 0
            self.found = [] if tag == "body" else self.found
            return
        self._say(" ".join(value or "" for _, value in attrs))
        if tag not in _VOID:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        self._say(data)

    def _say(self, words: str) -> None:
        if self._depth == 0:
            line, column = self.getpos()
            self.found.append((self._lines[line - 1] + column, words))
        elif self.found:
            at, before = self.found[-1]
            self.found[-1] = at, f"{before} {words}"
