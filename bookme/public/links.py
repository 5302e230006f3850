"""Links from one state of a page to another: the same address with other arguments."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from markupsafe import Markup, escape

from bookme.public.carried import Carried
from bookme.public.picker import Picker
from bookme.public.reader import Reader

#: In the place of the date of a day.
_ANY_DAY = "0001-01-01"


@dataclass(frozen=True)
class Links:
    """Where a picker's links lead.

    :param here: the address of the page that the picker is on. Its arguments don't count: what is
        to be kept of them is in ``kept``.
    :param there: the same of the page that a chosen time leads to.
    :param kept: what else the address says, and all pages from here on are to know.
    :param carried: what every address brings along.
    """

    here: str
    there: str
    reader: Reader
    picker: Picker
    kept: dict[str, str] = field(default_factory=dict)
    carried: Carried = Carried()

    @property
    def state(self) -> dict[str, str]:
        """What the address of the page says now."""
        return self.picker.asked | self.reader.chosen | self.kept

    def day(self, on: date) -> Markup:
        """To the times of a day, among the days that are shown now; as HTML writes it."""
        before, after = self.around_day(is_shown=self.picker.calendar.view.has(on))
        return Markup(f"{before}{on.isoformat()}{after}")

    def around_day(self, *, is_shown: bool) -> tuple[str, str]:
        """What stands before and after the date in the address of a day, as HTML writes it.

        :param is_shown: it is among the days that are shown now.
        """
        asked = self.picker.asked if is_shown else {}
        days = {name: month for name, month in asked.items() if name == "month"}
        whole = self._to(days | {"day": _ANY_DAY} | self.reader.chosen | self.kept) + "#times"
        before, _day, after = whole.partition(f"day={_ANY_DAY}")
        return str(escape(f"{before}day=")), str(escape(after))

    def month(self, first: date) -> str:
        """To another month."""
        return self._to({"month": f"{first:%Y-%m}"} | self.reader.chosen | self.kept)

    def clock(self, hours: int) -> str:
        """To the same on a clock of 12 or 24 hours."""
        return self._to(self.state | {"clock": str(hours)})

    def length(self, minutes: int) -> str:
        """To the same for another length."""
        return self._to(self.state | {"minutes": str(minutes)})

    @property
    def zones(self) -> str:
        """To the same with a list of zones to choose from."""
        return self._to(self.state | {"choose": "zone"})

    @property
    def same(self) -> str:
        """To the page as it is, without that list."""
        return self._to(self.state)

    def time(self, start: datetime) -> str:
        """To booking a time; as HTML writes it."""
        before, after = self._around_time
        at = start.astimezone(UTC)
        return (
            f"{before}{at.year:04}-{at.month:02}-{at.day:02}"
            f"T{at.hour:02}%3A{at.minute:02}%3A{at.second:02}Z{after}"
        )

    @cached_property
    def _around_time(self) -> tuple[str, str]:
        """What stands before and after the instant in the address of a time, as HTML writes it."""
        query = self.carried.beside({**self.reader.query, **self.kept})
        return str(escape(f"{_bare(self.there)}?at=")), str(escape(f"&{query}"))

    def _to(self, query: dict[str, str]) -> str:
        arguments = self.carried.beside(query)
        return f"{_bare(self.here)}?{arguments}" if arguments else _bare(self.here)


def _bare(address: str) -> str:
    return address.partition("?")[0]
