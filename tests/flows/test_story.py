"""The main job as a newcomer meets it, from signing up to cancelling, in real browsers' requests.

One long story, once on each database: each step stands on those before it.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.patience import wait_until
from tests.people import (
    PASSWORD,
    Host,
    Offer,
    allow,
    event,
    free_times,
    letter,
    link_in,
    move,
    start_of,
)
from tests.system import System
from tests.visitor import Visitor

BOOKER = "ana@bookers.example"
TITLE = "Talk with Nadia"


@pytest.fixture(params=["sqlite", "postgresql"])
def system(request: pytest.FixtureRequest) -> System:
    name = "system" if request.param == "sqlite" else "postgres_system"
    found: System = request.getfixturevalue(name)
    return found


@pytest.fixture
def host(system: System) -> Host:
    """Nadia, who has never been here."""
    return Host("nadia@hosts.example", "nadia", Visitor(system.url), system)


def test_a_newcomer_publishes_and_a_booking_lives_and_ends(host: Host) -> None:
    signs_up_and_confirms(host)
    sets_up(host)
    connects_zoom(host)
    makes_zoom_the_default(host)
    page = creates_a_schedule(host)
    booker, start = somebody_books_in_another_zone(page)
    first = both_are_told(host, start)
    the_link_is_on_all_pages(host, booker)
    second = the_booker_moves_it(host, first)
    the_host_moves_it(host, second)
    the_host_cancels_it(host)


def signs_up_and_confirms(host: Host) -> None:
    browser = host.open("/").click("Create your booking page")
    browser.press("Sign up", name="Nadia Rossi", email="Nadia@Hosts.example", password=PASSWORD)
    assert browser.heading == "Check your mail"
    address = link_in(letter(host.system, host.email, "Confirm your e-mail"), "/confirm-email/")
    browser.open(address).press("Confirm my e-mail address")
    assert "Your e-mail address is confirmed." in browser.text
    assert browser.heading == "Page address and time zone"


def sets_up(host: Host) -> None:
    """Leaves the set-up after a step, and picks it up; leaves it again for Connections."""
    browser = host.browser.press("Continue", zone="Europe/Rome").click("Finish later")
    assert browser.heading == "Hello, Nadia Rossi"
    browser.click("Finish setting up")
    assert browser.heading == "Working hours"


def connects_zoom(host: Host) -> None:
    browser = host.browser.click("Connections").press("Connect Zoom")
    assert "View your user information" in browser.text
    assert "Create and manage meetings" in browser.text
    allow(browser)
    assert browser.url == f"{host.system.url}/connections"
    assert "mara@example.com, Licensed" in browser.text


def makes_zoom_the_default(host: Host) -> None:
    host.browser.click("Settings").press("Save", default_video_provider="zoom")
    chosen = host.browser.page.select_one("input[name=default_video_provider][checked]")
    assert chosen is not None
    assert chosen["value"] == "zoom"


def creates_a_schedule(host: Host) -> str:
    browser = host.open("/dashboard").click("Create an appointment schedule")
    kind = browser.page.select_one("input[name=location_kind][checked]")
    provider = browser.page.select_one("select[name=video_provider] option[selected]")
    assert kind is not None
    assert provider is not None
    assert (kind["value"], provider.get_text()) == ("video", "My default (Zoom)")
    browser.press("Save", title=TITLE)
    browser.click("Appointment schedules").click(f"Edit {TITLE}")
    browser.press(
        "Save",
        video_provider="zoom",
        duration_minutes="45",
        step_minutes="45",
        use_hours="own",
        zone="Asia/Tokyo",
        open="0 1 2 3 4 5",
        buffer_before_minutes="5",
        buffer_after_minutes="10",
        notice="2",
        horizon_days="30",
        windows__0__closes="16:30",
        windows__5__opens="10:00",
        windows__5__closes="14:00",
    )
    assert browser.status == 200, browser.errors()
    browser.open("/dashboard/schedules").click(f"Public page of {TITLE}")
    return browser.url


def somebody_books_in_another_zone(page: str) -> tuple[Visitor, datetime]:
    booker = Visitor(page).open(page)
    assert "45 minutes" in booker.text
    in_tokyo = [start_of(address) for address in free_times(booker)]
    booker.click("Change time zone").press("Change time zone", zone="America/New_York")
    assert "New York" in booker.text
    target = free_times(booker)[0]
    start = start_of(target)
    assert in_tokyo[0] == start
    booker.open(target)
    assert "New York time" in booker.text
    booker.press("Book this time", name="Ana Costa", email=BOOKER, notes="About <the> plan")
    assert "You’re booked" in booker.text
    return booker, start


def both_are_told(host: Host, start: datetime) -> dict[str, str]:
    to_booker = letter(host.system, BOOKER, f"Confirmed: {TITLE}")
    to_host = letter(host.system, host.email, "New booking: Ana Costa")
    [meeting] = meetings(host.system)
    assert datetime.fromisoformat(meeting["start_time"]) == start
    assert meeting["duration"] == 45
    for message in (to_booker, to_host):
        assert meeting["join_url"] in message["text"]
        assert meeting["password"] in message["text"]
        assert meeting["join_url"] in message["html"]
        assert message["copies"] == 1
    said = {"meeting": str(meeting["id"]), "link": meeting["join_url"]}
    for reader, message in (("booker", to_booker), ("host", to_host)):
        method, found = event(message)
        assert method == "REQUEST"
        assert found["dtstart"].dt == start
        assert found["location"] == meeting["join_url"]
        said[reader] = f"{found['uid']} {found['sequence']}"
    assert said["host"] == said["booker"]
    return said


def the_link_is_on_all_pages(host: Host, booker: Visitor) -> None:
    [meeting] = meetings(host.system)
    booker.open(booker.url)
    assert booker.link("Join the Zoom call")["href"] == meeting["join_url"]
    assert f"Passcode: {meeting['password']}" in booker.text
    browser = host.open("/dashboard").click("Ana Costa")
    assert meeting["join_url"] in browser.links("#outside a")
    assert "Zoom meeting created" in browser.text
    assert "About <the> plan" in browser.text


def the_booker_moves_it(host: Host, before: dict[str, str]) -> dict[str, str]:
    address = link_in(letter(host.system, BOOKER, "Confirmed"), "/reschedule")
    booker = Visitor(host.system.url).open(address)
    start = move(booker, nth=2)
    assert "Confirmed" in booker.text
    return both_hear_of_a_new_time(host, start, before)


def the_host_moves_it(host: Host, before: dict[str, str]) -> None:
    browser = host.open("/dashboard").click("Ana Costa").click("Reschedule booking")
    start = move(browser, nth=4)
    assert "Booking rescheduled." in browser.text
    both_hear_of_a_new_time(host, start, before)


def both_hear_of_a_new_time(host: Host, start: datetime, before: dict[str, str]) -> dict[str, str]:
    [meeting] = wait_until(
        lambda: [
            m for m in meetings(host.system) if datetime.fromisoformat(m["start_time"]) == start
        ],
        "the meeting's new start",
    )
    assert (str(meeting["id"]), meeting["join_url"]) == (before["meeting"], before["link"])
    said = dict(before)
    for reader, to in (("booker", BOOKER), ("host", host.email)):
        uid, sequence = before[reader].split()

        def moved(to: str = to) -> tuple[str, str, str, datetime]:
            method, found = event(letter(host.system, to, "Rescheduled"))
            assert found["dtstart"].dt == start
            return method, str(found["uid"]), str(found["sequence"]), found["dtstart"].dt

        method, same_uid, higher, _ = wait_until(moved, f"the {reader} hears of {start}")
        assert (method, same_uid) == ("REQUEST", uid)
        assert int(higher) > int(sequence)
        said[reader] = f"{same_uid} {higher}"
    return said


def the_host_cancels_it(host: Host) -> None:
    _, last = event(letter(host.system, BOOKER, "Rescheduled"))
    browser = host.browser.click("Cancel booking")
    browser.press("Cancel booking", reason="I am ill")
    assert "Booking cancelled." in browser.text
    wait_until(lambda: not meetings(host.system), "the meeting is deleted")
    for to in (BOOKER, host.email):
        message = letter(host.system, to, "Cancelled")
        method, found = event(message)
        assert (method, found["status"], found["uid"]) == ("CANCEL", "CANCELLED", last["uid"])
        assert found["sequence"] > last["sequence"]
        assert found["dtstamp"].dt <= datetime.now(UTC)
        assert "I am ill" in message["text"]


def meetings(system: System) -> list[dict[str, Any]]:
    return Offer("", TITLE, system).meetings()
