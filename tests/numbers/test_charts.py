"""The geometry of charts."""

import pytest

from bookme.numbers.charts import WIDTH, Chart, lying, upright


@pytest.mark.parametrize("chart", [upright, lying])
@pytest.mark.parametrize("counts", [[], [0], [0, 0], [5], [1, 0, 9], list(range(106)), [10**6, 1]])
def test_bars_stay_on_their_ground_and_are_as_long_as_their_counts(
    chart: type[Chart], counts: list[int]
) -> None:
    made = chart([(f"{n} " * 60, count) for n, count in enumerate(counts)])
    assert [bar.count for bar in made.bars] == counts
    lengths = [bar.width if made.lies else bar.height for bar in made.bars]
    for bar, length in zip(made.bars, lengths, strict=True):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= made.height
        assert length == pytest.approx(max(lengths) * bar.count / (max(counts) or 1), abs=0.06)
        assert len(bar.shown_label) <= 40 or not made.lies
    assert sum(1 for bar in made.bars if bar.shown_label) <= max(4, len(counts) * made.lies)
