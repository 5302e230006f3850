"""What the table says of a value, and that every row's module is there."""

from importlib import import_module

import pytest

from tests.bench.__main__ import ASKED_FOR, PARTS
from tests.bench.table import Row, line


@pytest.mark.parametrize(
    ("row", "reached"),
    [
        (Row("page", 5.9, "x", 6), True),
        (Row("page", 6.1, "x", 6), False),
        (Row("rate", 0.34, "x", 1 / 3, at_least=True), True),
        (Row("rate", 0.2, "x", 1 / 3, at_least=True), False),
        (Row("5xx", 0, "", 0), True),
        (Row("explains", 7, "ms"), None),
    ],
)
def test_a_value_is_held_against_what_is_wanted(row: Row, reached: bool | None) -> None:
    assert row.is_reached is reached
    assert ("NOT REACHED" in line(row)) is (reached is False)


def test_every_part_can_be_measured() -> None:
    for _, where in PARTS.values():
        module, _, function = where.partition(":")
        assert callable(getattr(import_module(f"tests.bench.{module}"), function))
    assert set(PARTS) >= ASKED_FOR
