"""Zoom is removed, from either side, and comes back: what stays, what stops, what heals itself."""

from collections.abc import Callable

import pytest

from tests.patience import wait_until
from tests.people import (
    Host,
    Offer,
    allow,
    book,
    fill_in,
    free_times,
    letter,
    letters,
    move,
    name_of,
    new_booker,
    new_host,
    subjects,
)
from tests.sandbox_process import MARA
from tests.system import System
from tests.visitor import Visitor


@pytest.fixture
def host(system: System) -> Host:
    host = new_host(system)
    host.connect_zoom()
    return host


@pytest.fixture
def offer(host: Host) -> Offer:
    return host.publish(video_provider="zoom")


def removed_in_the_marketplace(host: Host) -> None:
    before = len(host.system.sandbox.state("compliance")["compliance"])
    market = Visitor(host.system.sandbox.web_url).open("/zoom/marketplace")
    market.press("Remove", near=MARA)
    said = letter(host.system, host.email, "BookMe was removed from your Zoom account")
    assert "/connections" in said["text"]
    told = wait_until(
        lambda: host.system.sandbox.state("compliance")["compliance"][before:], "the confirmation"
    )
    assert len(told) == 1
    host.open("/connections")
    assert "Connect Zoom" in host.browser.text
    assert MARA not in host.browser.text


def disconnected_in_bookme(host: Host) -> None:
    browser = host.open("/connections").click("Expand").click("Disconnect")
    assert "Your bookings stay." in browser.text
    browser.press("Confirm")
    assert browser.seconds < 5
    assert "Zoom is disconnected" in browser.text
    assert MARA not in browser.text
    users = host.system.sandbox.state("users")["users"]
    assert not any(one["grants_live"] for one in users if one["email"] == MARA)


@pytest.mark.parametrize("remove", [removed_in_the_marketplace, disconnected_in_bookme])
def test_bookings_stay_and_what_waits_gets_its_link_after_connecting_again(
    host: Host, offer: Offer, remove: Callable[[Host], None]
) -> None:
    system, early, late = host.system, new_booker(), new_booker()
    stays = book(offer, early)
    letter(system, early, "Confirmed")
    [meeting] = offer.meetings()
    remove(host)

    assert stays.open(stays.url).links("#meeting a.main") == [meeting["join_url"]]
    booker = book(offer, late)
    no_link_is_told(host, offer, booker, late)
    assert [one["id"] for one in offer.meetings()] == [meeting["id"]]

    host.connect_zoom()
    brought = letter(system, late, "Video link")
    both = {one["join_url"] for one in offer.meetings()}
    assert len(both) == 2
    assert both - {meeting["join_url"]} == set(booker.open(booker.url).links("#meeting a.main"))
    assert any(link in brought["text"] for link in both)
    assert subjects(system, early) == ["Confirmed"]
    assert "not connected" not in host.open("/dashboard").text


def no_link_is_told(host: Host, offer: Offer, booker: Visitor, reader: str) -> None:
    """Both sides hear at once that there is no link, the host with the two ways out."""
    said = letter(host.system, reader, "Confirmed")
    assert "will send you the video link" in said["text"]
    assert "will send you the link" in booker.open(booker.url).text
    to_host = letter(host.system, host.email, f"New booking, no link: {name_of(reader)}")
    assert "Reconnect Zoom:" in to_host["text"]
    assert "Choose another provider:" in to_host["text"]
    page = host.look_at_booking(reader)
    assert page.button("Reconnect Zoom")
    assert page.link("Choose another provider")
    assert f"get no link: {offer.title}" in page.open("/dashboard").text


def test_what_was_moved_and_cancelled_meanwhile_is_caught_up_with(host: Host, offer: Offer) -> None:
    system, mover, canceller = host.system, new_booker(), new_booker()
    moved, cancelled = book(offer, mover), book(offer, canceller)
    for reader in (mover, canceller):
        letter(system, reader, "Confirmed")
    first, second = sorted(one["id"] for one in offer.meetings())
    disconnected_in_bookme(host)
    start = move(moved.click("Reschedule booking"), nth=3)
    cancelled.click("Cancel booking").press("Cancel booking")
    letter(system, mover, "Rescheduled")
    letter(system, canceller, "Cancelled")
    assert sorted(one["id"] for one in offer.meetings()) == [first, second]
    host.connect_zoom()
    [left] = wait_until(
        lambda: found if len(found := offer.meetings()) == 1 else [], "the other is deleted"
    )
    wait_until(
        lambda: offer.meetings()[0]["start_time"] == f"{start:%Y-%m-%dT%H:%M:%SZ}", "it is moved"
    )
    assert left["id"] in (first, second)


def test_one_zoom_user_at_two_hosts_is_said_to_the_first(host: Host, system: System) -> None:
    another = new_host(system)
    another.connect_zoom()
    said = letter(system, host.email, "Reconnect Zoom: it was connected elsewhere")
    assert another.email not in said["text"]
    assert "Zoom needs your attention." in host.open("/dashboard").text
    host.browser.press("Reconnect Zoom")
    assert host.browser.heading == "BookMe would like access to your Zoom account"
    offer = another.publish(video_provider="zoom")
    reader = new_booker()
    book(offer, reader)
    assert "Passcode" in letter(system, reader, "Confirmed")["text"]


def test_a_grant_that_died_silently_is_said_and_heals_by_connecting_again(
    host: Host, offer: Offer
) -> None:
    system, reader = host.system, new_booker()
    system.sandbox.control("grants/kill", {"user": MARA})
    booker = book(offer, reader)
    letter(system, host.email, "Reconnect Zoom")
    no_link_is_told(host, offer, booker, reader)
    host.open("/connections").press("Reconnect Zoom")
    allow(host.browser)
    letter(system, reader, "Video link")
    assert len(offer.meetings()) == 1
    assert (
        len([one for one in letters(system, host.email) if "Reconnect Zoom" in one["subject"]]) == 1
    )


def test_a_schedule_may_turn_to_another_place_instead(host: Host, offer: Offer) -> None:
    disconnected_in_bookme(host)
    browser = host.open("/dashboard/schedules").click(f"Edit {offer.title}")
    browser.press("Save", location_kind="in_person", address="1 Main Street")
    reader = new_booker()
    booker = Visitor(offer.url).open(offer.url)
    fill_in(booker.open(free_times(booker)[0]), reader)
    assert "1 Main Street" in booker.text
    assert "1 Main Street" in letter(host.system, reader, "Confirmed")["text"]
