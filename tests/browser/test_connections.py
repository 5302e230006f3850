"""Connecting, looking closer, testing and disconnecting: in place with htmx, and without
JavaScript.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Window
from tests.browser.conftest import Open
from tests.people import Host, new_host
from tests.sandbox_process import MARA
from tests.system import System

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no JavaScript"])


@pytest.fixture(scope="module")
def host(system: System) -> Host:
    return new_host(system)


@pytest.fixture
def opened(window: Open, host: Host, scripts: bool) -> Iterator[Window]:
    """The host's own browser."""
    opened: Window = window(host.browser, base_url=host.system.url, java_script_enabled=scripts)
    yield opened
    host.open("/connections")
    if "Expand" in host.browser.text:
        host.browser.click("Expand").click("Disconnect").press("Confirm")


@SCRIPTS
def test_zoom_comes_and_goes(opened: Window, host: Host, scripts: bool) -> None:
    page = opened.page
    _connect(page)
    card = page.locator("#provider-zoom")
    expect(card).to_contain_text(f"{MARA}, Licensed")
    opened.loads = 0
    page.get_by_role("link", name="Expand Zoom").click()
    expect(card).to_contain_text("Create and manage meetings")
    page.get_by_role("link", name="Collapse Zoom").click()
    expect(card).not_to_contain_text("Create and manage meetings")
    page.get_by_role("link", name="Expand Zoom").click()
    page.get_by_role("button", name="Test connection").click()
    said = page.get_by_role("status").filter(has_text="works")
    expect(said).to_be_visible()
    if scripts:
        expect(said).to_be_focused()
    page.get_by_role("link", name="Disconnect").click()
    expect(card).to_contain_text("Your bookings stay.")
    expect(page.locator("#ask-zoom")).to_be_focused()
    page.get_by_role("link", name="Keep Zoom connected").click()
    expect(card).not_to_contain_text("Your bookings stay.")
    if scripts:
        expect(page.get_by_role("link", name="Disconnect")).to_be_focused()
    page.get_by_role("link", name="Disconnect").click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("status").filter(has_text="Zoom is disconnected")).to_be_visible()
    expect(page.get_by_role("button", name="Connect Zoom")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(MARA)
    assert bool(opened.loads) is not scripts, "htmx loads no whole page"


@SCRIPTS
def test_the_default_is_chosen(opened: Window, scripts: bool) -> None:
    page = opened.page
    _connect(page)
    page.get_by_role("link", name="Settings").click()
    for choice in ("Zoom", "None"):
        radio = page.get_by_role("radio", name=choice)
        radio.check()
        page.get_by_role("button", name="Save", exact=True).click()
        said = page.get_by_role("status").filter(has_text="default video provider")
        expect(said).to_be_visible()
        page.reload()
        expect(radio).to_be_checked()


@SCRIPTS
def test_declining_explains_itself(opened: Window, scripts: bool) -> None:
    page = opened.page
    page.goto("/connections")
    page.get_by_role("button", name="Connect Zoom").click()
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("heading", name="Zoom wasn't connected")).to_be_visible()
    page.get_by_role("button", name="Connect Zoom again").click()
    _allow(page)
    expect(page.locator("#provider-zoom")).to_contain_text(MARA)


def _connect(page: Page) -> None:
    page.goto("/connections")
    page.get_by_role("button", name="Connect Zoom").click()
    _allow(page)
    expect(page.get_by_text("Zoom is connected.")).to_be_visible()


def _allow(page: Page) -> None:
    page.get_by_role("radio", name=MARA).check()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/connections")
