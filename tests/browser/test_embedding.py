"""A booking made on somebody else's site, in a browser that blocks cookies of third parties."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser import chromium
from tests.browser.conftest import Open
from tests.browser.neighbour import Neighbour, neighbour
from tests.patience import wait_until
from tests.people import Host, Offer, new_booker, new_host
from tests.system import System


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    if chromium.executable(whole=True) is None:
        pytest.skip("there is no whole Chromium here (on Debian: apt-get install chromium)")
    with chromium.beside(browser, "--test-third-party-cookie-phaseout") as strict:
        yield strict


@pytest.fixture(scope="module")
def host(system: System) -> Host:
    return new_host(system)


@pytest.fixture(scope="module")
def offer(host: Host) -> Offer:
    return host.publish(location_kind="in_person", address="1 Main Street")


@pytest.fixture(scope="module")
def site(system: System, host: Host, offer: Offer) -> Iterator[Neighbour]:
    with neighbour(system.url) as site:
        host.open("/dashboard/embed").press("Save sites", sites=site.url)
        yield site


def paste(site: Neighbour, host: Host, offer: Offer, **wanted: str) -> None:
    """What the dashboard gives out for a way to show a schedule, with something to fill in."""
    slug = offer.url.rpartition("/")[2]
    host.open(f"/dashboard/embed?{urlencode({'schedule': slug, **wanted})}")
    code = host.browser.page.select_one("#snippet")
    assert code is not None
    site.code = code.text.replace(offer.url, f"{offer.url}?name=Ana+Costa")


def test_a_time_is_booked_in_a_dialog_by_keyboard_without_cookies(
    window: Open, site: Neighbour, host: Host, offer: Offer
) -> None:
    paste(site, host, offer, way="button", theme="dark", text="Book a call")
    page = window(timezone_id="Europe/Lisbon").page
    page.goto(f"{site.url}?utm_source=neighbour&other=1")
    opener = page.get_by_role("button", name="Book a call")
    opener.focus()
    page.keyboard.press("Space")
    dialog = page.get_by_role("dialog", name="Book a call")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    frame = _frame(page)
    expect(frame.locator("#zone")).to_contain_text("Lisbon, now")
    assert frame.evaluate("document.cookie = 'a=1; SameSite=None; Secure', document.cookie") == ""
    assert frame.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    expect(frame.locator("header, .skip:not([href='#times'])")).to_have_count(0)
    _stays_inside(page)

    _tab_to(page, frame, "a.time")
    page.keyboard.press("Enter")
    expect(frame.locator("#name")).to_have_value("Ana Costa")
    _fits(page, frame)
    _tab_to(page, frame, "#email")
    page.keyboard.type(new_booker())
    page.keyboard.press("Enter")
    expect(frame.locator("main")).to_contain_text("You’re booked")
    assert "embed=1&theme=dark" in frame.url
    wait_until(lambda: len(page.evaluate("heard")) == 2, "the booking is told of")
    opened, (booked, detail) = page.evaluate("heard")
    assert (opened, booked) == (["opened", None], "booked")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00Z", detail["start"])
    _fits(page, frame)

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Enter")  # Close
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    assert [name for name, _ in page.evaluate("heard")] == ["opened", "booked", "opened"]


def test_the_page_stands_in_place_of_the_link_and_is_as_high_as_it_needs(
    window: Open, site: Neighbour, host: Host, offer: Offer
) -> None:
    paste(site, host, offer, way="inline", text="Book a call")
    page = window(timezone_id="Europe/Lisbon").page
    page.goto(site.url)
    expect(page.get_by_text("Book a call")).to_be_hidden()
    frame = _frame(page)
    expect(frame.locator("#zone")).to_contain_text("Lisbon, now")
    high = _fits(page, frame)
    frame.get_by_role("link", name="Change time zone").click()
    zones = frame.locator("input[role=combobox]")  # no longer the plain list
    zones.press("ArrowDown")
    expect(frame.get_by_role("listbox")).to_be_visible()
    wait_until(lambda: _fits(page, frame) > high, "all zones are in it")
    # Growing, it would have a scroll bar for a moment, and its days would move aside.
    expect(page.locator("iframe")).to_have_attribute("scrolling", "no")
    zones.press("Escape")
    frame.get_by_role("button", name="Change time zone").click()
    assert "embed=1" in frame.url
    page.set_viewport_size({"width": 360, "height": 700})
    wait_until(lambda: _fits(page, frame) > high, "it grows where it is narrow")
    with page.expect_popup() as popup:
        frame.get_by_role("link", name="Privacy (opens in a new tab)").click()
    assert popup.value.url.endswith("/privacy")


def test_a_site_that_is_not_listed_keeps_the_link(
    browser: Browser, system: System, site: Neighbour, host: Host, offer: Offer
) -> None:
    paste(site, host, offer, way="inline", text="Book a call")
    with neighbour(system.url) as stranger:
        stranger.code = site.code
        page = browser.new_page()
        page.goto(stranger.url)
        expect(page.locator("iframe")).to_have_count(0)
        expect(page.get_by_role("link", name="Book a call")).to_be_visible()
        assert page.evaluate("heard") == []
        page.close()


def test_the_preview_in_the_dashboard_is_the_thing_itself(
    window: Open, site: Neighbour, host: Host, offer: Offer
) -> None:
    page = window(host.browser, base_url=host.system.url).page
    page.goto("/dashboard/embed")
    page.get_by_label("What to show").select_option(label=offer.title)
    page.get_by_label("How to show it").select_option(label="A button that stays in the corner")
    page.get_by_role("button", name="Show code and preview").click()
    page.get_by_role("button", name="Book an appointment").click()
    expect(_frame(page).locator("#month-name")).to_be_visible()


def _frame(page: Page) -> Frame:
    handle = page.locator("iframe").element_handle()
    frame = handle.content_frame()
    assert frame is not None
    return frame


def _fits(page: Page, frame: Frame) -> float:
    def gap() -> float:
        needed = frame.evaluate("document.documentElement.scrollHeight")
        box = page.locator("iframe").bounding_box()
        assert box is not None
        return float(abs(box["height"] - needed))

    wait_until(lambda: gap() < 2, "the frame is as high as its page")
    box = page.locator("iframe").bounding_box()
    assert box is not None
    return box["height"]


def _stays_inside(page: Page) -> None:
    """Round and round: nothing behind the dialog gets the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.id || document.activeElement.tagName")
        assert where in ("BUTTON", "IFRAME", "DIALOG", "BODY"), where


def _tab_to(page: Page, frame: Frame, selector: str) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        if frame.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"no way to {selector} by keyboard")
