"""What bookers type, as it is read: without characters that nobody sees."""

from bookme.characters import seen

LONGEST_NAME, LONGEST_NOTES = 100, 2000


def text(typed: str | None) -> str:
    """A filter: lines of text."""
    return seen((typed or "").replace("\r\n", "\n").replace("\r", "")).strip()


def line(typed: str | None) -> str:
    """A filter: one line."""
    return " ".join(text(typed).split())
