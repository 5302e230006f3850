"""Zones by whatever name, and wall-clock times as instants."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bookme.providers.zones import as_instant, midnight, zone_named

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("UTC", "UTC"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("tzone://Microsoft/Utc", "UTC"),
    ],
)
def test_a_zone_goes_by_several_names(name: str, key: str) -> None:
    assert zone_named(name) == ZoneInfo(key)


@pytest.mark.parametrize(
    "name",
    [None, "", "Customized Time Zone", "Mars/Base", "../etc/passwd", "/etc/passwd", "Europe"],
)
def test_what_nobody_knows_is_no_zone(name: str | None) -> None:
    assert zone_named(name) is None


def test_a_day_begins_at_midnight_or_where_a_clock_change_skips_it() -> None:
    assert midnight(date(2027, 3, 28), BERLIN) == datetime(2027, 3, 27, 23, 0, tzinfo=UTC)
    cairo = ZoneInfo("Africa/Cairo")  # from 0:00 to 1:00 on the last Friday of April
    assert midnight(date(2027, 4, 30), cairo) == datetime(2027, 4, 29, 22, 0, tzinfo=UTC)


def test_a_time_without_a_zone_is_what_the_clocks_of_a_zone_show() -> None:
    shown = datetime(2027, 3, 28, 12, 0, 30)  # noqa: DTZ001
    assert as_instant(shown, BERLIN) == datetime(2027, 3, 28, 10, 0, 30, tzinfo=UTC)
    assert as_instant(shown.replace(tzinfo=UTC), BERLIN) == shown.replace(tzinfo=UTC)
    skipped = datetime(2027, 3, 28, 2, 30)  # noqa: DTZ001
    assert as_instant(skipped, BERLIN) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
