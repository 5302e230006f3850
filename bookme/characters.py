"""Text as it comes from outside: what of it a database can hold, and what a reader can see."""

import re
import unicodedata

#: Control characters but for tabs and line breaks, and halves of surrogate pairs: no text of a
#: person has them, and PostgreSQL refuses the first of all.
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
#: Marks that turn the direction of what follows them. Copying an address often brings some along.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Letters and signs that show nothing at all.
_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: They join letters of Persian and Indic names, and the people of a family's emoji.
_JOINERS = "\u200c\u200d"


def has_control(text: str) -> bool:
    """Whether there is a character that no database and no other program should be given."""
    return _CONTROL.search(text) is not None


def seen(text: str) -> str:
    """The text without control characters and without marks of direction."""
    return _TURNING.sub("", _CONTROL.sub("", text))


def is_visible(text: str) -> bool:
    """Whether a reader would see anything of it."""
    return any(unicodedata.category(one)[0] in "LNPS" and one not in _EMPTY for one in text)


def is_line(text: str) -> bool:
    """Whether it is one line of characters that do nothing but be read."""
    return all(one.isprintable() or one in _JOINERS for one in text)
