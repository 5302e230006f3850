"""The lines of an iCalendar file (RFC 5545, 3.1). One that makes no sense is no line."""

import re
from dataclasses import dataclass, field
from functools import cached_property

#: The names that say when an entry takes place.
TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID")

_BREAK = r"(?:\r*\n|\r)"
_FOLD = re.compile(_BREAK + r"[ \t]")
_LINE = re.compile(_BREAK)
NAME = re.compile(r"([A-Za-z0-9-]+)\s*([;:])")
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=((?:"[^"]*"|[^;:"])*(?:,"[^"]*")*)')


@dataclass(frozen=True)
class Property:
    """One line. Parameters are read when somebody asks for them.

    :ivar rest: all that follows the name.
    """

    name: str
    rest: str = field(repr=False)

    @cached_property
    def _split(self) -> tuple[dict[str, str], str]:
        parameters: dict[str, str] = {}
        at = 0
        while found := _PARAMETER.match(self.rest, at):
            parameters.setdefault(found[1].upper(), found[2].replace('"', "").strip())
            at = found.end()
        _, _, value = self.rest[at:].partition(":")
        return parameters, value

    @property
    def parameters(self) -> dict[str, str]:
        """By their names in capitals, without quotes."""
        return self._split[0]

    @property
    def value(self) -> str:
        return self._split[1].strip()

    @property
    def last(self) -> "Property":
        """The same line, read as if its value began after the last colon: Outlook and Google name
        zones that have colons in them, without the quotes that these would need.
        """
        names, colon, value = self.rest.rpartition(":")
        return Property(self.name, f"{_quoted(names)}{colon}{value}") if names else self


def _quoted(names: str) -> str:
    before, equals, zone = names.partition("TZID=")
    return before + equals + (f'"{zone.replace(chr(34), "")}"' if equals else zone)


def plain(value: str) -> str:
    """A text as it was typed (RFC 5545, 3.3.11)."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def unfolded(text: str) -> list[str]:
    """The lines of a file, whatever ends them."""
    return _LINE.split(_FOLD.sub("", text.lstrip("\ufeff")))
