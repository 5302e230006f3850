"""Where the bars of a chart stand: plain geometry, drawn by ``numbers/_chart.html``.

A chart is as wide as a phone, so that its words have the size of the page's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 360
#: Upright bars: room above for the count, below for the labels.
_TOP, _PLOT, _BELOW = 18, 100, 24
#: Bars that lie: a label, the bar, room before the next.
_LABEL, _BAR, _GAP = 18, 14, 14
_MOST_LABELS, _MOST_COUNTS = 4, 12
#: Few bars keep the width that so many would have.
_FEWEST = 6
#: Longer labels are cut; the table beside the chart has all of them.
_LONGEST = 40
#: Beside a bar that lies, for its count.
_ROOM = 44


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, with where its words stand.

    :ivar shown_label: empty where there is no room for it, as ``shown_count`` may be.
    """

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float
    label_at: tuple[float, float]
    count_at: tuple[float, float]
    anchor: str
    shown_label: str
    shown_count: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars on a ground as wide as :data:`WIDTH`. ``lies``: they grow to the side."""

    bars: list[Bar]
    height: int
    lies: bool = False


def upright(pairs: Sequence[tuple[str, int]]) -> Chart:
    """Bars beside each other, for what follows in time."""
    most, slot = _most(pairs), WIDTH / max(len(pairs), _FEWEST)
    every = -(-len(pairs) // _MOST_LABELS)
    base = _TOP + _PLOT
    bars = []
    for place, (label, count) in enumerate(pairs):
        height, middle = _PLOT * count / most, slot * (place + 0.5)
        left = middle - slot * 0.4
        bars.append(
            Bar(
                label=label,
                count=count,
                x=_round(left),
                y=_round(base - height),
                width=_round(slot * 0.8),
                height=_round(height),
                label_at=(_round(left if every > 1 else middle), base + 17),
                count_at=(_round(middle), _round(base - height - 4)),
                anchor="start" if every > 1 else "middle",
                shown_label="" if place % every else label,
                shown_count=str(count) if count and len(pairs) <= _MOST_COUNTS else "",
            )
        )
    return Chart(bars, base + _BELOW)


def lying(pairs: Sequence[tuple[str, int]]) -> Chart:
    """Bars below each other, for what has a name."""
    most, row = _most(pairs), _LABEL + _BAR + _GAP
    bars = []
    for place, (label, count) in enumerate(pairs):
        top, width = row * place + _LABEL, (WIDTH - _ROOM) * count / most
        bars.append(
            Bar(
                label=label,
                count=count,
                x=0,
                y=top,
                width=_round(width),
                height=_BAR,
                label_at=(0, top - 5),
                count_at=(_round(width + 6), top + _BAR - 2),
                anchor="start",
                shown_label=_cut(label),
                shown_count=str(count),
            )
        )
    return Chart(bars, max(row * len(pairs) - _GAP, 1) + 4, lies=True)


def _most(pairs: Sequence[tuple[str, int]]) -> int:
    return max((count for _label, count in pairs), default=0) or 1


def _round(number: float) -> float:
    return round(number, 1)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
