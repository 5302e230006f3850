"""What time zones are called."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookme import zone_names
from bookme.accounts import zones


@pytest.mark.parametrize(
    ("zone", "name", "time_of"),
    [
        ("Europe/Lisbon", "Lisbon", "Lisbon time"),
        ("Etc/GMT+8", "UTC−8", "UTC−8"),
        ("Etc/GMT-14", "UTC+14", "UTC+14"),
        ("UTC", "UTC", "UTC"),
        ("GMT0", "UTC", "UTC"),
        ("Etc/Zulu", "UTC", "UTC"),
        ("Europe/Kiev", "Kyiv", "Kyiv time"),
        ("Europe/Kyiv", "Kyiv", "Kyiv time"),
        ("Asia/Calcutta", "Kolkata", "Kolkata time"),
        ("Pacific/Chatham", "Chatham", "Chatham time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "Buenos Aires time"),
        ("America/North_Dakota/Center", "Center, North Dakota", "Center, North Dakota time"),
        ("Mexico/General", "Mexico City", "Mexico City time"),
        ("US/Pacific", "Los Angeles", "Los Angeles time"),
        ("America/St_Johns", "St. John’s", "St. John’s time"),
    ],
)
def test_a_zone_is_called_by_its_city_or_its_distance(zone: str, name: str, time_of: str) -> None:
    assert zone_names.name(zone) == name
    assert zone_names.time_of(zone) == time_of


@pytest.mark.parametrize(
    ("zone", "distance"),
    [
        ("Asia/Kolkata", "UTC+5:30"),
        ("Pacific/Chatham", "UTC+13:45"),
        ("America/St_Johns", "UTC−3:30"),
        ("Europe/London", "UTC"),
        ("Pacific/Marquesas", "UTC−9:30"),
    ],
)
def test_a_distance_has_its_minutes(zone: str, distance: str) -> None:
    assert zone_names.distance(zone, datetime(2027, 1, 1, tzinfo=UTC)) == distance


@pytest.mark.parametrize("hours", range(-14, 13))
def test_the_sign_of_a_fixed_zone_is_the_one_that_clocks_show(hours: int) -> None:
    zone = f"Etc/GMT{hours:+d}"
    ahead = ZoneInfo(zone).utcoffset(datetime(2027, 1, 1)) == timedelta(hours=-hours)  # noqa: DTZ001
    sign = "−" if hours > 0 else "+"
    assert ahead
    assert zone_names.name(zone) == (f"UTC{sign}{abs(hours)}" if hours else "UTC")
    assert (zone, zone_names.name(zone)) in zones.choices(zone)["Elsewhere"]


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("US/Eastern", "America/New_York"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Europe/Oslo", "Europe/Oslo"),
        ("UTC", "UTC"),
        ("Etc/GMT+8", "Etc/GMT+8"),
        ("Mars/Olympus", "Mars/Olympus"),
    ],
)
def test_an_old_name_leads_to_today_s(old: str, today: str) -> None:
    assert zone_names.today(old) == today


def test_no_two_zones_that_are_offered_share_a_name() -> None:
    offered = [zone_names.today(zone) for zone in zone_names.places()]
    assert len(offered) == len(set(offered)) > 400


def test_every_zone_that_can_be_chosen_has_a_name() -> None:
    for zone in zones._known():
        assert "GMT" not in zone_names.time_of(zone)
        assert "/" not in zone_names.name(zone)


@pytest.mark.parametrize("name", ["localtime", "Factory"])
def test_what_is_no_place_s_zone_cannot_be_chosen(name: str) -> None:
    assert not zones.is_zone(name)
