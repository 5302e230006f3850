"""A line of the table: what was measured, beside what is wanted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One value.

    :param unit: such as ``x bare``, ``ms``, ``kB``.
    :param wanted: the bound; None where nothing is wanted of it, and it explains another row.
    :param at_least: the value must be no less than wanted, not no more.
    :param note: what stands behind it, such as the yardstick's own value.
    """

    name: str
    value: float
    unit: str
    wanted: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def is_reached(self) -> bool | None:
        """None where nothing is wanted."""
        if self.wanted is None:
            return None
        return self.value >= self.wanted if self.at_least else self.value <= self.wanted


HEAD = f"  {'':<52}{'measured':>10} {'wanted':>10}  {'unit':<9}"


def line(row: Row) -> str:
    """A row as it is printed."""
    sign = ">=" if row.at_least else "<="
    wanted = "" if row.wanted is None else f"{sign} {row.wanted:g}"
    mark = {None: "", True: "reached", False: "NOT REACHED"}[row.is_reached]
    words = "; ".join(part for part in (mark, row.note) if part)
    return f"  {row.name:<52}{row.value:>10.2f} {wanted:>10}  {row.unit:<9}{words}".rstrip()
