"""The components that the lines of an iCalendar file make.

Nothing in a file is refused: a component whose beginning or end is missing is marked as damaged,
with all that can be told to be its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bookme.providers.icloud.ics.lines import NAME, TIMES, Property, plain, unfolded

#: What looks like a time or a rule, whatever its line is called.
_TELLS_TIME = re.compile(r"\d{8}(T\d{6}Z?)?|.*\bFREQ\s*=.*", re.IGNORECASE)
_HOLDERS = ("", "VCALENDAR")
#: Components that lie in a calendar and in nothing else, and those that lie in a zone.
_OUTER = ("VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE")
_OF_ZONES = ("STANDARD", "DAYLIGHT")


@dataclass
class Component:
    """What stands between BEGIN and END.

    :ivar is_damaged: something of it is missing, or not where it belongs.
    """

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict, repr=False)
    parts: list["Component"] = field(default_factory=list)
    is_damaged: bool = False

    def all(self, name: str) -> list[Property]:
        """The lines of this name, in their order."""
        return self.properties.get(name, [])

    def first(self, name: str) -> Property | None:
        found = self.properties.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """A text without its escapes; empty if there is none."""
        found = self.first(name)
        return plain(found.value) if found else ""

    def add(self, name: str, rest: str) -> None:
        self.properties.setdefault(name, []).append(Property(name, rest))

    def named(self, name: str) -> Iterator["Component"]:
        """All components of this name within, at any depth."""
        for part in self.parts:
            if part.name == name:
                yield part
            yield from part.named(name)


def parse(text: str) -> Component:
    """Read a file; never fails."""
    tree = _Tree()
    for line in unfolded(text):
        tree.take(line.strip())
    return tree.finished()


class _Tree:
    def __init__(self) -> None:
        self._open = [Component("")]

    def take(self, line: str) -> None:
        found = NAME.match(line)
        if found is None:
            if len(line) > 1 and any(name.startswith(line.upper()) for name in TIMES):
                self._open[-1].is_damaged = True  # cut off
            return
        name, rest = found[1].upper(), line[found.end() - 1 :]
        if name == "BEGIN":
            self._begin(rest[1:].strip().upper())
        elif name == "END":
            self._end(rest[1:].strip().upper())
        else:
            self._open[-1].add(name, rest)

    def finished(self) -> Component:
        self._close(1, damaged=True)
        for holder in (self._open[0], *self._open[0].named("VCALENDAR")):
            if "DTSTART" in holder.properties or "DTEND" in holder.properties:
                _gather(holder)
        return self._open[0]

    def _begin(self, kind: str) -> None:
        if kind in _OUTER:
            inner = (at for at, one in enumerate(self._open) if one.name not in _HOLDERS)
            self._close(next(inner, len(self._open)), damaged=True)
        elif kind in _OF_ZONES and self._open[-1].name in _OF_ZONES:
            self._close(len(self._open) - 1, damaged=True)
        part = Component(kind)
        self._open[-1].parts.append(part)
        self._open.append(part)

    def _end(self, kind: str) -> None:
        at = next((i for i in range(len(self._open) - 1, 0, -1) if self._open[i].name == kind), 0)
        if at:
            self._close(at + 1, damaged=True)
            self._close(at, damaged=False)
        elif kind == "VEVENT":
            self._end_what_never_began()
        else:
            self._open[-1].is_damaged = True

    def _end_what_never_began(self) -> None:
        inner = (at for at, one in enumerate(self._open) if one.name not in _HOLDERS)
        at = next(inner, 0)
        if not at:
            _gather(self._open[-1])
            return
        self._open[at].name = "VEVENT"
        self._close(at, damaged=True)

    def _close(self, first: int, *, damaged: bool) -> None:
        for part in self._open[first:]:
            part.is_damaged |= damaged
        if damaged and len(self._open) > first and self._open[first - 1].name not in _HOLDERS:
            self._open[first - 1].is_damaged = True
        del self._open[first:]


def _gather(holder: Component) -> None:
    """Make an entry of the lines that lie about in a calendar."""
    holder.parts.append(Component("VEVENT", holder.properties, is_damaged=True))
    holder.properties = {
        name: lines for name, lines in holder.properties.items() if name.startswith("X-WR-")
    }


def has_stray_times(component: Component, known: frozenset[str]) -> bool:
    """Whether a line that is not called by any known name tells a time or a rule."""
    return any(
        _TELLS_TIME.fullmatch(line.value)
        for name, lines in component.properties.items()
        if name not in known and not name.startswith("X-")
        for line in lines
    )
