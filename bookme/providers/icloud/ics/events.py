"""One VEVENT: when it takes place, whether it takes time, and what of it cannot be read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeAlias

from bookme.providers.icloud.ics import components, values
from bookme.providers.icloud.ics.components import Component
from bookme.providers.icloud.ics.lines import TIMES, Property
from bookme.providers.icloud.ics.rules import Rule, rule
from bookme.providers.icloud.ics.zones import Zones, is_whole
from bookme.providers.zones import midnight

#: A rule that names more times a day than this is no appointment's.
_MOST_A_DAY = 96
#: The lines of an entry whose values may look like a time or a rule. Another that tells one may be
#: one of these with a letter missing.
_KNOWN = frozenset(TIMES) | {"ACKNOWLEDGED", "COMPLETED", "CREATED", "DTSTAMP", "DUE"}
_KNOWN |= {"CATEGORIES", "COMMENT", "CONTACT", "DESCRIPTION", "LAST-MODIFIED", "LOCATION"}
_KNOWN |= {"ORGANIZER", "RELATED-TO", "RESOURCES", "SEQUENCE", "SUMMARY", "TRIGGER", "UID", "URL"}
Moment: TypeAlias = date | datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time as a file says it: a day, or a time that has a zone.

    :ivar zone: on whose clocks it repeats.
    """

    at: Moment
    zone: tzinfo

    @property
    def is_day(self) -> bool:
        return not isinstance(self.at, datetime)

    @property
    def local(self) -> datetime:
        """On the clocks of its zone; of a day, its midnight."""
        if isinstance(self.at, datetime):
            return self.at.astimezone(self.zone).replace(tzinfo=None)
        return datetime.combine(self.at, time())


class Entry:
    """A VEVENT.

    :ivar is_clear: all of it was understood, as far as it has been asked for.
    :ivar is_free: its host has said that it takes none of their time.
    """

    def __init__(self, event: Component, zones: Zones, own: str) -> None:
        self._event = event
        self._zones = zones
        self._own = own
        self.uid = event.text("UID")
        self.title = event.text("SUMMARY")
        self.location = event.text("LOCATION")
        self.sequence = _number(event.text("SEQUENCE"))
        strays = components.has_stray_times(event, _KNOWN)
        self.is_clear = not (event.is_damaged or strays or _contradicts_itself(event))
        self.start = self._only("DTSTART")
        self.instead_of = self._only("RECURRENCE-ID")
        self.replaces = bool(event.all("RECURRENCE-ID"))
        self.is_clear &= self.start is not None and self.replaces is (self.instead_of is not None)
        self.length = self._length(self.start) if self.start is not None else timedelta()
        self.travel = self._travel()
        self.is_free = self._is_free()

    def _is_free(self) -> bool:
        shown = {line.value.upper() for line in self._event.all("TRANSP")}
        said = {line.value.upper() for line in self._event.all("STATUS")}
        guests = self._event.all("ATTENDEE")
        return (
            shown == {"TRANSPARENT"}
            or said == {"CANCELLED"}
            or any(_has_declined(guest, self._own) for guest in guests)
        )

    @property
    def starts_at(self) -> datetime | None:
        return self.instant(self.start) if self.start is not None else None

    @property
    def ends_at(self) -> datetime | None:
        """None if neither end nor length is said."""
        said = self._event.all("DTEND") or self._event.all("DURATION")
        if self.start is None or not said:
            return None
        if isinstance(self.start.at, datetime):
            return self.instant(self.start) + self.length
        return self.instant(Stretch(self.start.at + self.length, self.start.zone))

    @property
    def is_left_alone(self) -> bool:
        """It takes no time whatever is wrong with it, and all of it is there."""
        return self.is_free and not self._event.is_damaged

    @property
    def changes_all_after(self) -> bool:
        """Whether it stands for one time of a series and for all that follow."""
        line = self._event.first("RECURRENCE-ID")
        return line is not None and line.parameters.get("RANGE", "").upper() == "THISANDFUTURE"

    def rules(self, name: str) -> list[Rule]:
        """Its rules that can be followed."""
        found = []
        for line in self._event.all(name):
            try:
                one = rule(line.value)
            except ValueError:
                self.is_clear = False
                continue
            self.is_clear &= one.is_whole and one.most_a_day <= _MOST_A_DAY
            if one.most_a_day <= _MOST_A_DAY:
                found.append(one)
        return found

    def listed(self, name: str) -> list[tuple[Stretch, timedelta | None]]:
        """The times of a list, those of RDATE perhaps with a length of their own."""
        found = []
        for line in self._event.all(name):
            for text in line.value.split(","):
                begin, _, rest = text.strip().partition("/")
                try:
                    at = self._moment(line, begin)
                    found.append((at, self._until(line, at, rest) if rest else None))
                except (ValueError, OverflowError):
                    self.is_clear &= not text.strip()
        return found

    def instant(self, at: Stretch) -> datetime:
        """The instant of a time, or of the beginning of a day."""
        if isinstance(at.at, datetime):
            return at.at.astimezone(UTC)
        return midnight(at.at, self._zones.default)

    def _until(self, line: Property, begin: Stretch, rest: str) -> timedelta:
        if rest.lstrip("+-")[:1] in "Pp":
            return values.length(rest)
        return self.instant(self._moment(line, rest)) - self.instant(begin)

    def _only(self, name: str) -> Stretch | None:
        for line in self._event.all(name):
            for read in (line, line.last):
                try:
                    return self._moment(read, read.value)
                except (ValueError, OverflowError):
                    continue
        return None

    def _moment(self, line: Property, text: str) -> Stretch:
        parameters = line.parameters
        at = values.moment(text, is_day=parameters.get("VALUE", "").upper() == "DATE")
        zone = self._zone(parameters.get("TZID", ""))
        if not isinstance(at, datetime):
            found = Stretch(at, self._zones.default)
        elif at.tzinfo is not None:
            found = Stretch(at, zone or self._zones.own or at.tzinfo)
        else:
            zone = zone or self._zones.default
            found = Stretch(at.replace(tzinfo=zone), zone)
        self.instant(found)  # beyond what a calendar has, it is no time
        self.is_clear &= is_whole(found.zone)
        return found

    def _zone(self, name: str) -> tzinfo | None:
        zone = self._zones.named(name) if name else None
        if name and zone is None:
            self.is_clear = False  # the clocks of the host are a guess
        return zone

    def _length(self, start: Stretch) -> timedelta:
        """From start to end; of days, whole days."""
        end = self._only("DTEND")
        if end is not None:
            return self._between(start, end)
        self.is_clear &= not self._event.all("DTEND")
        line = self._event.first("DURATION")
        try:
            if line is not None:
                return values.length(line.value)
        except ValueError:
            self.is_clear = False
        # RFC 5545, 3.6.1: a day without an end is one day; a time without one takes no time. But
        # iCloud takes none without: the line may have been lost.
        self.is_clear &= start.is_day
        return timedelta(days=1 if start.is_day else 0)

    def _between(self, start: Stretch, end: Stretch) -> timedelta:
        if start.is_day and end.is_day:
            length = end.local - start.local
        else:
            length = self.instant(end) - self.instant(start)
        self.is_clear &= length >= timedelta()
        # Programs write the last day where the one after it belongs.
        return max(length, timedelta(days=1 if start.is_day else 0))

    def _travel(self) -> timedelta:
        line = self._event.first("X-APPLE-TRAVEL-DURATION")
        try:
            return values.length(line.value) if line is not None else timedelta()
        except ValueError:
            self.is_clear = False
            return timedelta()


def _contradicts_itself(event: Component) -> bool:
    """Whether a line that an entry has once is there twice, and differs: it may be two entries."""
    once = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "UID", "TRANSP", "STATUS")
    return any(len({line.rest for line in event.all(name)}) > 1 for name in once)


def _has_declined(guest: Property, own: str) -> bool:
    parameters = guest.parameters
    if parameters.get("PARTSTAT", "").upper() != "DECLINED":
        return False
    addresses = (guest.value, guest.last.value, parameters.get("EMAIL", ""))
    return own.casefold() in (one.casefold().removeprefix("mailto:") for one in addresses)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
