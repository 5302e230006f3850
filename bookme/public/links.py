"""Links from one state of a page to another: the same address with other arguments."""

from dataclasses import dataclass, field
from datetime import date, datetime

from bookme.public.carried import Carried
from bookme.public.picker import Picker
from bookme.public.reader import Reader
from bookme.web.filters import instant


@dataclass(frozen=True, slots=True)
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

    def day(self, on: date) -> str:
        """To the times of a day, among the days that are shown now."""
        shown = {name: month for name, month in self.picker.asked.items() if name == "month"}
        days = shown if self.picker.calendar.view.has(on) else {}
        return self._to(days | {"day": on.isoformat()} | self.reader.chosen | self.kept) + "#times"

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
        """To booking a time."""
        query = {"at": instant(start), **self.reader.query, **self.kept}
        return f"{_bare(self.there)}?{self.carried.beside(query)}"

    def _to(self, query: dict[str, str]) -> str:
        arguments = self.carried.beside(query)
        return f"{_bare(self.here)}?{arguments}" if arguments else _bare(self.here)


def _bare(address: str) -> str:
    return address.partition("?")[0]
