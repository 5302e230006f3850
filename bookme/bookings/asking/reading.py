"""What bookers type, as it is read: without characters that nobody sees, and not without end."""

from flask_babel import LazyString, format_decimal, lazy_ngettext
from wtforms.validators import Length

from bookme.characters import seen


def text(typed: str | None) -> str:
    """A filter: lines of text."""
    return seen((typed or "").replace("\r\n", "\n").replace("\r", "")).strip()


def line(typed: str | None) -> str:
    """A filter: one line."""
    return " ".join(text(typed).split())


def long(most: int) -> Length:
    """A check of how long a text is."""
    number = LazyString(format_decimal, most)
    message = lazy_ngettext(
        "Enter at most %(most)s character.", "Enter at most %(most)s characters.", most, most=number
    )
    return Length(max=most, message=message)
