from datetime import UTC, date, datetime

import pytest

from bookme.bookings import months


@pytest.mark.parametrize(
    ("month", "before", "after"),
    [
        (date(2027, 1, 1), date(2026, 12, 1), date(2027, 2, 1)),
        (date(2027, 2, 28), date(2027, 1, 1), date(2027, 3, 1)),
        (date(2027, 12, 31), date(2027, 11, 1), date(2028, 1, 1)),
    ],
)
def test_a_month_has_neighbours(month: date, before: date, after: date) -> None:
    assert (months.before(month), months.after(month)) == (before, after)


def test_a_month_is_the_zones_own() -> None:
    begin, end = months.span(date(2027, 3, 1), "Europe/Berlin")
    assert begin.astimezone(UTC) == datetime(2027, 2, 28, 23, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2027, 3, 31, 22, tzinfo=UTC)  # summer time by then


def test_starts_stand_under_the_dates_of_the_zone() -> None:
    late, early = (datetime(2027, 3, day, hour, tzinfo=UTC) for day, hour in ((1, 23), (2, 5)))
    assert months.by_day([late, early], "Europe/Berlin") == {date(2027, 3, 2): [late, early]}
    assert list(months.by_day([late, early], "UTC")) == [date(2027, 3, 1), date(2027, 3, 2)]
