"""When a page that waits for its video link asks for it again: soon at first, then later and later,
and not for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: Seconds before each look; about three minutes in all.
_WAITS = ("0.7", "1", "2", "4", "8", "16", *["30"] * 5)


@dataclass(frozen=True, slots=True)
class Look:
    """The next look.

    :ivar number: its number, which its address says.
    :ivar after: the seconds before it.
    """

    number: int
    after: str


def next_look(args: Mapping[str, str]) -> Look | None:
    """The look after the one that was asked for; None after the last."""
    asked = args.get("look", "0")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0
    return Look(number + 1, _WAITS[number]) if number < len(_WAITS) else None
