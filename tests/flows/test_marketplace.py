"""Zoom is added from the Marketplace, by whoever comes; wrong ways back explain themselves."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.patience import wait_until
from tests.people import Host, allow, letter, link_in, new_booker, new_host, signed_in
from tests.sandbox_process import CHLOE, MARA
from tests.system import PASSWORD, System
from tests.visitor import Visitor


@pytest.fixture
def host(system: System) -> Host:
    return new_host(system)


def from_the_marketplace(browser: Visitor, system: System) -> Visitor:
    """The listing's button, in this browser."""
    return browser.open(f"{system.sandbox.web_url}/zoom/marketplace").click("Visit Site to Add")


def connected(browser: Visitor, person: str = MARA) -> bool:
    return urlsplit(browser.url).path == "/connections" and person in browser.text


def test_signed_in(host: Host, system: System) -> None:
    browser = from_the_marketplace(host.browser, system)
    assert browser.heading == "Connect Zoom to BookMe"
    assert connected(allow(browser.press("Connect Zoom")))


def test_signed_out(host: Host, system: System) -> None:
    browser = from_the_marketplace(Visitor(system.url), system).click("Sign in")
    browser.press("Sign in", email=host.email, password=PASSWORD)
    assert browser.heading == "Connect Zoom to BookMe"
    assert connected(allow(browser.press("Connect Zoom")))


@pytest.mark.parametrize("device", ["the same device", "another device"])
def test_a_newcomer_who_signs_up_on_the_way(system: System, device: str) -> None:
    email = new_booker()
    browser = from_the_marketplace(Visitor(system.url), system).click("Create an account")
    browser.press("Sign up", name="Nadia Rossi", email=email, password=PASSWORD)
    link = link_in(letter(system, email, "Confirm your e-mail"), "/confirm-email/")
    if device == "the same device":
        browser.open(link).press("Confirm my e-mail address")
    else:
        browser = Visitor(system.url).open(link)
        browser.press("Confirm my e-mail address", password=PASSWORD)
    assert browser.heading == "Connect Zoom to BookMe"
    assert connected(allow(browser.press("Connect Zoom")))


def test_another_zoom_account_is_asked_about_before_it_replaces_the_first(
    host: Host, system: System
) -> None:
    host.connect_zoom(MARA)
    browser = from_the_marketplace(host.browser, system)
    assert f"as {MARA}" in browser.text
    assert "it replaces this one" in browser.text
    assert connected(browser.click("Keep this account"), MARA)
    from_the_marketplace(browser, system).press("Use another account")
    assert allow(browser, CHLOE).heading == f"Replace {MARA} with {CHLOE}?"
    assert connected(browser.press("Replace account"), CHLOE)
    assert f"instead of {MARA}" in browser.text
    assert MARA not in browser.open(browser.url).text


def test_another_zoom_account_on_the_consent_page_replaces_nothing_unasked(
    host: Host, system: System
) -> None:
    browser = host.open("/connections").press("Connect Zoom")
    elsewhere = Host(host.email, host.handle, signed_in(system, host.email), system)
    elsewhere.connect_zoom(MARA)
    assert allow(browser, CHLOE).heading == f"Replace {MARA} with {CHLOE}?"
    assert connected(browser.press(f"Keep {MARA}"), MARA)

    def is_revoked() -> bool:
        users = system.sandbox.state("users")["users"]
        return {one["email"]: one["grants_live"] for one in users}[CHLOE] == 0

    wait_until(is_revoked, "what was not kept is revoked")


def test_a_code_that_nobody_asked_for_is_never_exchanged(host: Host, system: System) -> None:
    before = len(system.sandbox.calls("token.exchange"))
    host.browser.open(f"{system.sandbox.web_url}/zoom/marketplace").press("Add")
    allow(host.browser)
    assert host.browser.heading == "Connect Zoom to BookMe"
    assert len(system.sandbox.calls("token.exchange")) == before
    assert connected(allow(host.browser.press("Connect Zoom")))


def the_callback(host: Host) -> str:
    """A sound way back from Zoom, not yet opened."""
    consent = host.open("/connections").press("Connect Zoom")
    return host.system.sandbox.consent(consent.url)


def in_somebody_elses_browser(host: Host) -> Visitor:
    another = new_host(host.system)
    return another.browser.open(the_callback(host))


def with_another_state(host: Host) -> Visitor:
    address, _, _ = the_callback(host).partition("&state=")
    return host.browser.open(f"{address}&state=made-up")


def declined(host: Host) -> Visitor:
    return host.open("/connections").press("Connect Zoom").press("Decline")


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (in_somebody_elses_browser, "has expired"),
        (with_another_state, "has expired"),
        (declined, "wasn't connected"),
    ],
)
def test_a_wrong_way_back_explains_itself_and_offers_to_start_again(
    host: Host, way: Callable[[Host], Visitor], words: str
) -> None:
    browser = way(host)
    assert browser.status == 400
    assert words in browser.heading
    assert connected(allow(browser.press("Connect Zoom again")))


def test_a_way_back_serves_once(host: Host) -> None:
    address = the_callback(host)
    assert connected(host.browser.open(address))
    assert host.browser.open(address).status == 400
    assert host.browser.heading == "Zoom is connected"
    assert f"Zoom is connected as {MARA}" in host.browser.text
    assert connected(host.browser.click("Go to Connections"))
    host.browser.open(address)
    host.browser.press("Connect Zoom again")
    assert host.browser.heading == "BookMe would like access to your Zoom account"


def test_connected_at_zoom_but_missing_here_heals_by_connecting(host: Host, system: System) -> None:
    the_callback(host)  # Zoom has given its permission, and the browser never came back
    host.connect_zoom()
    assert connected(host.browser)
