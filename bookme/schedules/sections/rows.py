"""Rows of the editor that a host adds, moves and removes by buttons."""

from collections.abc import Callable
from typing import Any

from flask_babel import LazyString
from wtforms import Form

from bookme.hours.rows import Rows


class MovableRows(Rows):
    """A list of rows whose order counts.

    :param most: rows that the buttons make; a form made by hand may have some more, so that
        somebody can say so.
    """

    def __init__(self, form: type[Form], label: LazyString, *, most: int, **kwargs: Any) -> None:
        super().__init__(form, label, **kwargs)
        self.most = most

    @property
    def is_full(self) -> bool:
        return len(self) >= self.most

    def rearrange(self, act: str, place: int) -> None:
        """Do what a button says with the row at a place: ``up``, ``down`` or ``remove``."""
        rows = [entry.data for entry in self]
        if place >= len(rows):
            return
        now_at = _ACTS[act](rows, place)
        while len(self):
            self.pop_entry()
        self.last_index = -1
        for row in rows:
            self.append_entry(row)
        self.acted = (act, min(now_at, len(rows) - 1))


def buttons(name: str, rows: str, most: int) -> dict[str, str]:
    """What the buttons of a list of rows say, for ``GROWS``: ``question``, ``question-up-1``, …"""
    acts = {f"{name}-{act}-{place}": rows for act in _ACTS for place in range(most)}
    return {name: rows} | acts


def press(rows: MovableRows, what: str) -> None:
    """Do what the button that was pressed says."""
    _name, *asked = what.split("-")
    if asked:
        rows.rearrange(asked[0], int(asked[1]))
    elif not rows.is_full:
        rows.add()


def _up(rows: list[Any], place: int) -> int:
    """:return: where the row is now; of one that is gone, where it was."""
    rows.insert(max(place - 1, 0), rows.pop(place))
    return max(place - 1, 0)


def _down(rows: list[Any], place: int) -> int:
    rows.insert(place + 1, rows.pop(place))
    return place + 1


def _remove(rows: list[Any], place: int) -> int:
    del rows[place]
    return place


_ACTS: dict[str, Callable[[list[Any], int], int]] = {
    "up": _up,
    "down": _down,
    "remove": _remove,
}
