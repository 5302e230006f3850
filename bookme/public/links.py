"""Links from one state of a page to another: the same address with other arguments."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from flask_babel import gettext as _
from markupsafe import Markup, escape

from bookme.public.carried import Carried
from bookme.public.days import Day
from bookme.public.picker import Picker
from bookme.public.reader import Reader
from bookme.web.filters import day_in_words, written

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
        before, after = self._around_day[self.picker.calendar.view.has(on)]
        return Markup(f"{before}{on.isoformat()}{after}")

    @cached_property
    def _around_day(self) -> dict[bool, tuple[Markup, Markup]]:
        """What stands before and after the date in the address of a day that is, or isn't, among
        the days that are shown now.
        """
        shown = {name: month for name, month in self.picker.asked.items() if name == "month"}
        found = {}
        for is_shown in (True, False):
            days = shown if is_shown else {}
            whole = self._to(days | {"day": _ANY_DAY} | self.reader.chosen | self.kept) + "#times"
            before, _day, after = whole.partition(f"day={_ANY_DAY}")
            found[is_shown] = escape(f"{before}day="), escape(after)
        return found

    def cell(self, day: Day) -> Markup:
        """A day of the calendar, as HTML writes it: a link where it has free times. Made here and
        not by a template, which takes three times as long over its thirty-five.
        """
        on = day.on
        name, today = on.isoformat(), " today" if day.today else ""
        shown = ' aria-current="date"' if day.shown else ""
        first = self.picker.calendar.view.is_strip and on.day == 1
        month = f"<small>{escape(self.reader.short_month(on))}</small>" if first else ""
        if not day.free:
            return Markup(f'<span class="day off{today}"{shown}>{month}{on.day}</span>')
        url = self.day(on)
        label = escape(self._free_times % {"day": day_in_words(on, self._written)})
        return Markup(
            f'<a id="d-{name}" class="day{today}" href="{url}" hx-get="{url}" hx-target="#picker"'
            f' hx-swap="outerHTML" hx-push-url="true" aria-label="{label}"{shown}>'
            f"{month}{on.day}</a>"
        )

    @cached_property
    def _written(self) -> str:
        return written(self.reader.locale)

    @cached_property
    def _free_times(self) -> str:
        return _("%(day)s, free times")

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

    def time(self, start: datetime) -> Markup:
        """To booking a time; as HTML writes it."""
        before, after = self._around_time
        return Markup(f"{before}{start.astimezone(UTC):%Y-%m-%dT%H%%3A%M%%3A%SZ}{after}")

    @cached_property
    def _around_time(self) -> tuple[Markup, Markup]:
        """What stands before and after the instant in the address of a time, as HTML writes it."""
        query = self.carried.beside({**self.reader.query, **self.kept})
        return escape(f"{_bare(self.there)}?at="), escape(f"&{query}")

    def _to(self, query: dict[str, str]) -> str:
        arguments = self.carried.beside(query)
        return f"{_bare(self.here)}?{arguments}" if arguments else _bare(self.here)


def _bare(address: str) -> str:
    return address.partition("?")[0]
