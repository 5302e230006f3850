"""What people typed, fit for the place where it is read.

One rule for mails, calendar files, calendar entries and meetings: what is read is what was typed.
The joiners that hold emoji, Persian and Indic words together stay; only line breaks and control
characters leave a line, and marks of direction never reach what stands beside them.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import get_locale
from markupsafe import Markup, escape

_CONTROLS = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_EMBEDDINGS = "\u202a\u202b\u202d\u202e"
_ISOLATES = "\u2066\u2067\u2068"
_END_EMBEDDING, _FIRST_STRONG, _END_ISOLATE = "\u202c", "\u2068", "\u2069"
#: Bidirectional classes of what can reorder its neighbours: letters and numbers that are written
#: from right to left, and the controls above.
_TURNING = frozenset(
    {"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
)
_JOINER = "\u200d"
_SKIN_TONES = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
#: What the flags of England, Scotland and Wales are written with.
_TAGS = "".join(map(chr, range(0xE0020, 0xE0080)))
#: What mail programs make links of when they read HTML: broken up by elements.
_JOINTS = re.compile(r"[.\u3002\uff0e\uff61@]|:/*|\\\\+|//+")
#: An element of its own, in the direction of its own words. Mail programs know ``dir`` better than
#: the element ``bdi``.
_APART = Markup('<span dir="auto" style="unicode-bidi: isolate">{}</span>')


@dataclass(frozen=True, slots=True)
class Shown:
    """Words in both of their forms. Templates take the one they need: ``.html`` templates the
    markup, ``.txt`` templates the text.
    """

    text: str
    html: Markup

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> Markup:
        return self.html

    def __bool__(self) -> bool:
        return bool(self.text)


Words = str | Shown


def line(text: str) -> str:
    """The same on one line, without control characters."""
    parts = (part.strip(" ") for part in _CONTROLS.split(text))
    return " ".join(part for part in parts if part).strip()


def shown(text: str) -> str:
    """The same with a blank for every control character, so that none is sent to a provider."""
    return _CONTROLS.sub(lambda found: " " * len(found[0]), text)


def closed(text: str) -> str:
    """The same, with every mark of direction ended on its own line, and none that would end
    somebody else's.
    """
    if text.isascii():  # where there are none
        return str(text)
    return "\n".join("".join(_closed(one)) for one in text.split("\n"))


def cut(text: str, most: int) -> str:
    """The beginning of a text, never half a character as people see it.

    :param most: counted in UTF-16, where an emoji is two: the strictest way a limit can be meant.
    """
    if _length(text) <= most:
        return str(text)
    kept = text.encode("utf-16-le", "replace")[: 2 * most].decode("utf-16-le", "ignore")
    while kept and _goes_on(kept, text[len(kept)]):
        kept = kept[:-1]
    while _length(closed(kept)) > most:
        kept = kept[:-1]
    return closed(kept).rstrip()


def apart(text: str) -> str:
    """The same for a plain text that goes on: words that are written from right to left, or hold
    marks of direction, are isolated, so that they don't reorder what stands beside them. Among
    words from right to left, so is all that isn't: a name, or the groups of a phone number.
    """
    ended = closed(text)
    if not ended or "\n" in ended:
        return ended
    turns = not ended.isascii() and any(unicodedata.bidirectional(c) in _TURNING for c in ended)
    return f"{_FIRST_STRONG}{ended}{_END_ISOLATE}" if turns or _is_turned() else ended


def _is_turned() -> bool:
    """Whether the words around are written from right to left."""
    locale = get_locale()
    return locale is not None and locale.text_direction == "rtl"


def own(text: str) -> Shown:
    """What the host typed: never changed; in HTML an element of its own."""
    return Shown(text, _APART.format(_lines(str(escape(closed(text))))) if text else Markup())


def unlinkable(text: str) -> Markup:
    """What a stranger typed, as HTML of which no mail program makes a link: read and copied it is
    what was typed, but elements stand where a link would have to be in one piece.
    """
    pieces, end = [], 0
    for joint in _JOINTS.finditer(ended := closed(text)):
        pieces += [escape(ended[end : joint.start()]), Markup("<span>{}</span>").format(joint[0])]
        end = joint.end()
    inner = _lines("".join([*pieces, escape(ended[end:])]))
    return _APART.format(inner) if text else Markup()


def phrase(pattern: str, **parts: Words) -> Shown:
    """A sentence of ours with words of people in it: ``phrase(_("You call %(name)s"), name=…)``.

    :param pattern: in its reader's language; without parts it is shown as it is.
    """
    if not parts:
        return Shown(pattern, escape(pattern))
    texts = {name: str(part) for name, part in parts.items()}
    return Shown(pattern % texts, escape(pattern) % parts)


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _goes_on(kept: str, following: str) -> bool:
    """Whether what follows belongs to the last character that people see."""
    if following in _FLAG_LETTERS:
        return (len(kept) - len(kept.rstrip(_FLAG_LETTERS))) % 2 == 1
    joins = kept[-1] == _JOINER or following == _JOINER or following in _SKIN_TONES
    return joins or unicodedata.category(following)[0] == "M" or following in _TAGS


def _lines(html: str) -> Markup:
    return Markup(html.replace("\n", "<br>\n"))


def _closed(text: str) -> Iterator[str]:
    opened: list[str] = []
    for char in text:
        if char in _EMBEDDINGS:
            opened.append(_END_EMBEDDING)
        elif char in _ISOLATES:
            opened.append(_END_ISOLATE)
        elif char == _END_ISOLATE:
            if _END_ISOLATE not in opened:
                continue  # it would end what stands around these words
            while opened.pop() != _END_ISOLATE:
                pass  # an isolate's end ends what was begun in it
        elif char == _END_EMBEDDING and opened[-1:] == [_END_EMBEDDING]:
            opened.pop()
        yield char
    yield from reversed(opened)
