"""Signing in at a provider: Chromium is led there and back, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.system import System


@pytest.mark.parametrize(
    ("scripts", "person"),
    [(True, "Mara Lindström"), (False, "Chloé O’Neill")],
    ids=["htmx", "none"],
)
def test_a_new_host_comes_from_a_provider(
    window: Open, system: System, scripts: bool, person: str
) -> None:
    page = window(base_url=system.url, java_script_enabled=scripts).page
    page.goto("/sign-in")
    page.get_by_role("button", name="Continue with Example").click()
    page.wait_for_url("**/openid/authorize**")
    page.get_by_role("radio", name=person).check()
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Page address and time zone")
    page.goto("/account/security")
    expect(page.get_by_role("button", name="Unlink Example")).to_be_visible()
