"""Second factors in a real browser, with an authenticator of Chromium's own."""

import os
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from bookme.accounts.factors import totp
from tests.browser.chromium import Window
from tests.browser.conftest import Open
from tests.people import letter, new_host
from tests.system import PASSWORD, System

AUDIT = (Path(__file__).parent / "audit.js").read_text()
SIZES = {"phone": (320, 640), "desktop": (1280, 900)}
#: Where pictures go, if somebody wants to look.
PICTURES = os.environ.get("SECOND_FACTOR_PICTURES", "")

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Authenticator:
    """A virtual authenticator of one window."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        self.id = self._send("addVirtualAuthenticator", options=AUTHENTICATOR)["authenticatorId"]

    def verifies(self, is_verified: bool) -> None:
        """Let the person be recognized or not."""
        self._send("setUserVerified", authenticatorId=self.id, isUserVerified=is_verified)

    def holds(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._send("getCredentials", authenticatorId=self.id)[
            "credentials"
        ]
        return found

    def _send(self, command: str, **words: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.cdp.send(f"WebAuthn.{command}", words)
        return answer


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def look(page: Page, name: str) -> None:
    """The page is sound on a phone and a desktop, light and dark."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert page.evaluate(AUDIT) == [], f"{name} {size} {scheme}"
            if PICTURES:
                data = page.context.new_cdp_session(page).send(
                    "Page.captureScreenshot", {"captureBeyondViewport": True}
                )["data"]
                Path(PICTURES, f"{name}-{size}-{scheme}.png").write_bytes(b64decode(data))


def shown_code(page: Page) -> str:
    secret = page.locator("#key").inner_text().replace(" ", "")
    return totp.code_of(secret, totp.step_at(datetime.now(UTC)))


@pytest.fixture
def fresh(browser: Browser, system: System) -> Iterator[Page]:
    """A window of nobody's."""
    window = Window(browser, base_url=system.url)
    yield window.page
    window.close()
    assert window.complaints == []


def test_a_passkey_is_added_and_signs_in(fresh: Page, system: System) -> None:
    host = new_host(system)
    authenticator = Authenticator(fresh)
    fresh.goto("/sign-in")
    look(fresh, "sign-in")
    sign_in(fresh, host.email)
    fresh.goto("/account/second-factor")
    look(fresh, "nothing")
    fresh.get_by_role("link", name="Add a passkey").click()
    fresh.get_by_label("Name").fill("My phone")
    look(fresh, "new-passkey")
    fresh.get_by_role("button", name="Create passkey").click()
    expect(fresh.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    assert len(fresh.locator("#codes").inner_text().split()) == 10
    look(fresh, "codes")
    with fresh.expect_download() as download:
        fresh.get_by_role("link", name="Download").click()
    kept = Path(download.value.path()).read_text()
    assert fresh.locator("#codes").inner_text().split()[0] in kept
    fresh.get_by_role("link", name="I’ve kept them").click()
    expect(fresh.get_by_text("My phone")).to_be_visible()
    look(fresh, "second-factor")
    (held,) = authenticator.holds()
    assert held["isResidentCredential"]
    assert letter(system, host.email, "A passkey was added")

    fresh.goto("/account/sessions")
    look(fresh, "sessions")
    fresh.context.clear_cookies()
    fresh.goto("/sign-in?next=/account/data")
    authenticator.verifies(False)
    fresh.get_by_role("button", name="Sign in with a passkey").click()
    expect(fresh.get_by_text("Your browser didn’t use a passkey")).to_be_visible()
    authenticator.verifies(True)
    fresh.get_by_role("button", name="Sign in with a passkey").click()
    fresh.wait_for_url("**/account/data")
    assert letter(system, host.email, "New sign-in to your account")


def test_an_app_is_set_up_and_a_passkey_shows_who_is_there(fresh: Page, system: System) -> None:
    host = new_host(system)
    sign_in(fresh, host.email)
    fresh.goto("/account/second-factor")
    fresh.get_by_role("button", name="Set up an authenticator app").click()
    expect(fresh.locator("svg.qr")).to_be_visible()
    look(fresh, "set-up-app")
    fresh.get_by_label("Code from the app").fill("000000")
    fresh.get_by_role("button", name="Turn on").click()
    expect(fresh.get_by_text("That isn’t the code").first).to_be_visible()
    fresh.get_by_label("Code from the app").fill(shown_code(fresh))
    fresh.get_by_role("button", name="Turn on").click()
    recovery = fresh.locator("#codes").inner_text().split()
    fresh.get_by_role("link", name="I’ve kept them").click()
    Authenticator(fresh)
    fresh.get_by_role("link", name="Add a passkey").click()
    fresh.get_by_role("button", name="Create passkey").click()
    expect(fresh.get_by_text("Your passkey is added.")).to_be_visible()

    fresh.get_by_role("button", name="Sign out").first.click()
    sign_in(fresh, host.email)
    expect(fresh.get_by_role("heading", level=1)).to_have_text("Confirm that it’s you")
    look(fresh, "second-step")
    fresh.get_by_label("Code").fill(recovery[0])
    fresh.get_by_role("button", name="Sign in", exact=True).click()
    fresh.wait_for_url("**/dashboard")
    assert letter(system, host.email, "A recovery code was used")
    fresh.get_by_role("button", name="Sign out").first.click()
    sign_in(fresh, host.email)
    fresh.get_by_role("button", name="Use a passkey").click()
    fresh.wait_for_url("**/dashboard")


def test_without_scripts_everything_but_passkeys_works(window: Open, system: System) -> None:
    host = new_host(system)
    page = window(base_url=system.url, java_script_enabled=False).page
    sign_in(page, host.email)
    page.goto("/account/second-factor")
    page.get_by_role("button", name="Set up an authenticator app").click()
    page.get_by_label("Code from the app").fill(shown_code(page))
    page.get_by_role("button", name="Turn on").click()
    recovery = page.locator("#codes").inner_text().split()
    page.get_by_role("link", name="I’ve kept them").click()
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Create passkey")).to_be_hidden()
    page.context.clear_cookies()
    sign_in(page, host.email)
    page.get_by_label("Code").fill(recovery[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/dashboard")
