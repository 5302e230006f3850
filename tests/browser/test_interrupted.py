"""The line breaks, a session ends or a server fails while a part of a page changes: that is said,
what was pressed can be tried again, and nothing typed is lost.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chromium import Window
from tests.browser.conftest import Open
from tests.people import Host, Offer, book, new_booker, new_host
from tests.system import System
from tests.visitor import Visitor

_MEANT = re.compile("^error: (htmx:|Response Status Error|Failed to load)|ERR_CONNECTION_FAILED")


@pytest.fixture(scope="module")
def host(system: System) -> Host:
    host = new_host(system)
    host.connect_zoom()
    return host


@pytest.fixture(scope="module")
def offer(host: Host) -> Offer:
    return host.publish(video_provider="zoom")


@pytest.fixture
def opening(window: Open) -> Iterator[Open]:
    """Opens a window in which failures are meant, and htmx may say so to developers."""
    opened: list[Window] = []

    def make(visitor: Visitor | None = None, **options: Any) -> Window:
        opened.append(window(visitor, **options))
        return opened[-1]

    yield make
    for one in opened:
        one.complaints[:] = [words for words in one.complaints if not _MEANT.search(words)]


def fail_once(page: Page, address: str, status: int) -> None:
    """What htmx asks next of an address ends like this: answered by a proxy, or not at all (0)."""

    def answer(route: Route) -> None:
        if status:
            route.fulfill(status=status, body="<h1>From a proxy</h1>")
        else:
            route.abort("connectionfailed")

    page.route(address, answer, times=1)


def try_again(page: Page) -> None:
    expect(page.get_by_role("alert")).to_contain_text("What you typed is still here.")
    again = page.get_by_role("button", name="Try again", exact=True)
    expect(again).to_be_in_viewport()
    again.click()


def test_a_booker_gets_through_whatever_fails_on_the_way(opening: Open, offer: Offer) -> None:
    opened = opening()
    page, trouble = opened.page, opened.page.locator("#trouble")
    page.goto(f"{offer.url}?zone=Europe/Lisbon")
    opened.loads = 0
    fail_once(page, "**/*day=*", 0)
    page.locator("a.day").nth(1).click()
    try_again(page)
    expect(page).to_have_url(re.compile("day="))
    expect(trouble).to_be_hidden()
    page.locator("a.time").first.click()
    page.get_by_label("Your name").fill("Ana Costa")
    page.get_by_label("Your e-mail address").fill(new_booker())
    page.get_by_label("Notes").fill("What we talk about")
    opened.loads = 0
    for status in (429, 503):
        fail_once(page, "**/book", status)
    page.get_by_role("button", name="Book this time").click()
    for _status in (429, 503):
        expect(page.get_by_label("Notes")).to_have_value("What we talk about")
        assert opened.loads == 0
        try_again(page)
        page.wait_for_timeout(200)
    page.wait_for_url("**/booking/*")
    expect(page.locator("main")).to_contain_text("What we talk about")


def test_a_link_still_comes_after_a_look_that_failed(opening: Open, offer: Offer) -> None:
    slow = {"operation": "create", "kind": "slow-after", "seconds": 2}
    offer.system.sandbox.control("faults", slow)
    page = opening().page
    fail_once(page, "**/booking/*look=*", 502)
    page.goto(f"{offer.url}?zone=Europe/Lisbon")
    page.locator("a.time").first.click()
    page.get_by_label("Your name").fill("Ana Costa")
    page.get_by_label("Your e-mail address").fill(new_booker())
    page.get_by_role("button", name="Book this time").click()
    page.wait_for_url("**/booking/*")
    try_again(page)
    expect(page.get_by_role("link", name="Join the Zoom call")).to_be_visible()
    expect(page.locator("#trouble")).to_be_hidden()


def test_a_host_tries_again_in_connections_and_in_the_editor(
    opening: Open, host: Host, offer: Offer
) -> None:
    opened = opening(host.browser, base_url=host.system.url)
    page, trouble = opened.page, opened.page.locator("#trouble")
    page.goto("/connections?open=zoom")
    fail_once(page, "**/connections/zoom/test", 429)
    page.get_by_role("button", name="Test connection").click()
    try_again(page)
    expect(page.locator("#provider-zoom [role=status]")).to_be_visible()
    expect(trouble).to_be_hidden()
    page.goto("/dashboard/schedules/new")
    expect(page.locator("#preview .facts")).to_be_visible()
    fail_once(page, "**/preview", 502)
    page.get_by_label("Title").fill("Typed meanwhile")
    expect(page.get_by_label("Title")).to_have_value("Typed meanwhile")
    with page.expect_response("**/preview"):
        try_again(page)
    expect(trouble).to_be_hidden()
    page.context.clear_cookies()
    page.get_by_label("Title").fill("Typed signed out")
    expect(page.get_by_role("alert")).to_contain_text("You’re signed out.")
    expect(page.get_by_label("Title")).to_have_value("Typed signed out")


def test_a_bookings_page_goes_on_looking_after_a_failure(
    opening: Open, host: Host, offer: Offer
) -> None:
    sandbox, email = host.system.sandbox, new_booker()
    sandbox.control("faults", {"operation": "create", "kind": "503", "count": None})
    book(offer, email)
    address = host.look_at_booking(email).url
    page = opening(host.browser).page
    page.goto(address)
    expect(page.locator("#outside[hx-trigger]")).to_be_visible()
    fail_once(page, address, 502)
    expect(page.get_by_role("alert")).to_contain_text("That didn’t work.")
    sandbox.control("faults/clear")
    expect(page.locator("#trouble")).to_be_hidden()
