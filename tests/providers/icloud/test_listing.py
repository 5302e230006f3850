"""Which of the things that a CalDAV server lists are calendars, and what they are like."""

from typing import Any

import pytest

from bookme.providers.icloud.dav import names
from bookme.providers.icloud.listing import calendars

AT = "https://p42-caldav.icloud.com/123/calendars/"
CALENDAR: dict[str, Any] = {names.KIND: ["{DAV:}collection", names.CALENDAR_KIND]}


def one(**properties: Any) -> Any:
    known = {name: value for name, value in vars(names).items() if name.isupper()}
    told = {known[name]: value for name, value in properties.items()}
    [found] = calendars(AT, [("/123/calendars/a/", {**CALENDAR, **told})])
    return found


def test_a_calendar_without_properties_has_sensible_ones() -> None:
    found = one()
    assert found.id == f"{AT}a/"
    assert (found.name, found.color, found.zone) == ("Calendar", None, None)
    assert found.may_write


@pytest.mark.parametrize(
    ("privileges", "may_write"),
    [
        (["{DAV:}read"], False),
        (["{DAV:}read", "{DAV:}write-properties"], False),
        (["{DAV:}read", "{DAV:}write"], True),
        (["{DAV:}all"], True),
        ([], False),
    ],
)
def test_a_calendar_that_is_only_shown_is_not_written_to(
    privileges: list[str], may_write: bool
) -> None:
    found = one(PRIVILEGES=privileges)
    assert found.may_write is may_write
    assert found.is_primary is may_write


@pytest.mark.parametrize(
    ("told", "color"),
    [
        ("#CB30E0FF", "#CB30E0"),
        ("#cb30e0", "#cb30e0"),
        ("blue", None),
        ("#12", None),
        (["x"], None),
    ],
)
def test_a_color_is_six_digits(told: Any, color: str | None) -> None:
    assert one(COLOR=told).color == color


@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ("BEGIN:VTIMEZONE\nTZID:Europe/Lisbon\nEND:VTIMEZONE", "Europe/Lisbon"),
        ("BEGIN:VTIMEZONE\r\nTZID;X=1:Tokyo Standard Time\r\nEND:VTIMEZONE", "Asia/Tokyo"),
        ("BEGIN:VTIMEZONE\nTZID:Mars/Base\nEND:VTIMEZONE", None),
        ("", None),
    ],
)
def test_a_zone_goes_by_the_name_in_its_definition(told: str, zone: str | None) -> None:
    assert one(TIME_ZONE=told).zone == zone


def test_what_is_no_calendar_for_appointments_is_left_out() -> None:
    listed = [
        ("/123/calendars/", {names.KIND: ["{DAV:}collection"]}),
        ("/123/calendars/inbox/", {}),
        ("/123/calendars/tasks/", {**CALENDAR, names.COMPONENTS: ["VTODO"]}),
        ("/123/calendars/b/", {**CALENDAR, names.COMPONENTS: ["VEVENT"]}),
    ]
    assert [found.id for found in calendars(AT, listed)] == [f"{AT}b/"]


def test_the_main_calendar_is_the_one_that_every_account_starts_with() -> None:
    listed = [(f"/123/calendars/{name}/", CALENDAR) for name in ("a", "home", "b")]
    assert [found.is_primary for found in calendars(AT, listed)] == [False, True, False]
    assert [found.is_primary for found in calendars(AT, listed[::2])] == [True, False]
