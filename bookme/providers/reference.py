"""A booking's reference, by which BookMe knows a meeting of its own."""

import re

#: Long enough for any reference, short enough for its line to survive Zoom's listings.
LONGEST_REFERENCE = 100
_MARK = "BookMe reference "
_MARKED = re.compile(rf"\s*{_MARK}(\S+)")


def marked(agenda: str, reference: str) -> str:
    """An agenda with a booking's reference at its head, where :func:`reference_in` finds it."""
    return f"{_MARK}{reference}\n{agenda}".rstrip()


def reference_in(agenda: str) -> str | None:
    """The booking's reference at the head of an agenda.

    Only there: further down stand a booker's own words, who may have written any reference.
    """
    marked = _MARKED.match(agenda)
    return marked[1] if marked else None
