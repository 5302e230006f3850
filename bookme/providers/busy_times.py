"""What takes a host's time, as their calendars say it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch of time that a calendar says is taken; aware, UTC.

    :ivar entry_id: :attr:`Entry.id` of the entry behind it, by which BookMe knows its own.
    """

    starts_at: datetime
    ends_at: datetime
    entry_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unclear:
    """An entry that was not understood, or not all of it: what was counts as busy.

    :ivar starts_at: None if not even that can be read.
    :ivar title: empty if it is not known.
    """

    entry_id: str = field(repr=False)
    starts_at: datetime | None = None
    title: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Found:
    """What a calendar says of a stretch of time, in no order."""

    busy: list[Busy] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)
