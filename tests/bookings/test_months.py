from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookme.availability import to_datetimes, to_minutes
from bookme.bookings import months
from tests.examples import examples


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


#: Where clocks change in the night, at midnight, by half an hour; where a date was left out, and
#: where one came back for an hour.
ZONES = ("Europe/Berlin", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia")
DAYS = [datetime(2011, 12, 28, tzinfo=UTC), datetime(2027, 3, 12, tzinfo=UTC)]
DAYS += [datetime(2027, 10, 28, tzinfo=UTC), datetime(2006, 10, 28, tzinfo=UTC)]


@examples(100)
@given(
    st.sampled_from([*ZONES, "America/St_Johns"]),
    st.sampled_from(DAYS),
    st.lists(st.integers(-3 * 1440, 5 * 1440), max_size=30),
    st.booleans(),
)
def test_every_start_stands_under_its_own_date(
    zone: str, around: datetime, minutes: list[int], in_order: bool
) -> None:
    starts = [around + timedelta(minutes=one) for one in minutes]
    starts = sorted(starts) if in_order else starts
    found = months.by_day(starts, zone)
    dates = [start.astimezone(ZoneInfo(zone)).date() for start in starts]
    assert list(found) == list(dict.fromkeys(dates))
    if in_order:
        counted = months.minutes_by_day([to_minutes(start) for start in starts], zone)
        assert [(on, to_datetimes(times)) for on, times in counted.items()] == list(found.items())
    for on, times in found.items():
        assert times == [one for one, day in zip(starts, dates, strict=True) if day == on]
