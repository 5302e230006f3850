"""A newcomer gets a link to share in a real browser: with htmx, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.people import letter, link_in
from tests.system import PASSWORD, System


@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no JavaScript"])
def test_a_newcomer_shares_a_link(window: Open, system: System, scripts: bool) -> None:
    email = f"nadia{scripts:d}@hosts.example"
    opened = window(
        base_url=system.url,
        java_script_enabled=scripts,
        timezone_id="Asia/Tokyo",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = opened.page
    page.goto("/sign-up")
    page.get_by_label("Your name").fill(f"Nadia Rossi {scripts:d}")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.goto(link_in(letter(system, email, "Confirm your e-mail"), "/confirm-email/"))
    if not scripts:
        page.get_by_role("button", name="Confirm my e-mail address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Page address and time zone")
    zone = page.get_by_label("Time zone")
    if scripts:
        expect(zone).to_have_value("Asia/Tokyo")
    else:
        zone.select_option("Asia/Tokyo")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("(Tokyo time)")).to_be_visible()
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Skip this step").click()
    page.get_by_role("button", name="Create my link").click()
    address = page.get_by_label("Send it to people")
    expect(address).to_have_value(f"{system.url}/nadia-rossi-{scripts:d}/intro-call")
    copy = page.get_by_role("button", name="Copy link")
    if not scripts:
        expect(copy).to_be_hidden()
        return
    copy.click()
    expect(page.get_by_role("status").last).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == address.input_value()
