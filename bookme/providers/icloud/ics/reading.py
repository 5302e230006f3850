"""All files of one calendar, and what they take of a stretch of time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bookme.providers.calendar import Busy, Found, Unclear
from bookme.providers.icloud.ics import components
from bookme.providers.icloud.ics.budget import Budget, OverBudget
from bookme.providers.icloud.ics.events import Entry
from bookme.providers.icloud.ics.series import Series, Time
from bookme.providers.icloud.ics.zones import Zones

#: Steps for all files, and for the entries of one: a daily series over two years takes 1,500.
_MOST, _MOST_EACH = 1_000_000, 20_000
_TITLE = 200
#: What else may be in a calendar, and takes no time.
_NO_ENTRIES = ("VTODO", "VJOURNAL", "VFREEBUSY")


class Reading:
    """What is between two instants.

    :param zone: the host's own, for days and for times that do not say theirs.
    :param own: the host's address, to see whether he has declined.
    """

    def __init__(self, begin: datetime, end: datetime, *, zone: ZoneInfo, own: str) -> None:
        self._begin, self._end = begin, end
        self._zone, self._own = zone, own
        self._budget = Budget(_MOST)
        self.found = Found()

    def take(self, content: str) -> None:
        """Read a file; never fails, but tells of what was not understood."""
        file = components.parse(content)
        events = list(file.named("VEVENT"))
        if not events and not any(True for name in _NO_ENTRIES for _ in file.named(name)):
            self.lost()
        budget = Budget(_MOST_EACH, self._budget)
        zones = Zones(file, self._zone, budget)
        entries = [Entry(event, zones, self._own) for event in events]
        for same in _by_uid(entries):
            self._take_series(same, budget)

    def lost(self, number: int = 1) -> None:
        """Tell of entries of which nothing is known."""
        self.found.unclear.extend([Unclear("")] * number)

    def _take_series(self, same: list[Entry], budget: Budget) -> None:
        others = _latest([one for one in same if one.replaces])
        for entry in [*_current(same), *others]:
            try:
                for time in Series(entry, [] if entry.replaces else others, budget).times(
                    self._begin, self._end
                ):
                    self._add(time)
            except (OverBudget, ValueError, OverflowError):
                entry.is_clear = False
        self.found.unclear.extend(_told(one) for one in same if _is_to_tell(one))

    def _add(self, time: Time) -> None:
        touches = time.starts_at < min(time.ends_at, self._end) and time.ends_at > self._begin
        if touches and not time.entry.is_free:
            self.found.busy.append(Busy(time.starts_at, time.ends_at, time.entry.uid))


def main_entry(content: str) -> Entry:
    """The entry of a file, and not one that stands for some of its times.

    :raises ValueError: if there is none.
    """
    file = components.parse(content)
    zones = Zones(file, ZoneInfo("UTC"), Budget(_MOST_EACH))
    found = [Entry(event, zones, "") for event in file.named("VEVENT") if event.text("UID")]
    main = [one for one in found if not one.replaces] or found
    if not main:
        raise ValueError("no entry")
    return main[0]


def _by_uid(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    same: dict[object, list[Entry]] = {}
    for entry in entries:
        same.setdefault(entry.uid or entry, []).append(entry)
    yield from same.values()


def _current(same: list[Entry]) -> list[Entry]:
    """The series themselves, without what they were before a change."""
    series = [one for one in same if not one.replaces]
    newest = max((one.sequence for one in series), default=0)
    return [one for one in series if one.sequence == newest]


def _latest(others: list[Entry]) -> list[Entry]:
    """Of those that stand for the same time of a series, the one that was changed last."""
    found: dict[object, Entry] = {}
    for at, one in enumerate(others):
        key = one.instant(one.instead_of) if one.instead_of else at
        if key not in found or one.sequence >= found[key].sequence:
            found[key] = one
    return list(found.values())


def _is_to_tell(entry: Entry) -> bool:
    return not entry.is_clear and not entry.is_left_alone


def _told(entry: Entry) -> Unclear:
    return Unclear(entry.uid, entry.starts_at, entry.title[:_TITLE])
