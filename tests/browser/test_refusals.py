"""Walking Connections as an outsider does: refused, in two windows, back and again; what is said
is seen, in place with htmx and on a page without JavaScript.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Window
from tests.browser.conftest import Open
from tests.people import Host, new_host, signed_in
from tests.sandbox_process import BEN, CHLOE, MARA
from tests.system import PASSWORD, System

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no JavaScript"])
FORM = "/connections/icloud/password"


@pytest.fixture
def host(system: System) -> Host:
    return new_host(system)


@pytest.fixture
def opened(window: Open, host: Host, scripts: bool) -> Window:
    made: Window = window(host.browser, base_url=host.system.url, java_script_enabled=scripts)
    return made


@pytest.fixture(autouse=True)
def as_before(system: System) -> Iterator[None]:
    """The sandbox leads nowhere else and fails nothing afterwards."""
    yield
    system.sandbox.control("settings", {"icloud_home": None, "icloud_redirect": None})
    system.sandbox.control("faults/clear")


def try_icloud(page: Page, person: str, password: str) -> None:
    page.get_by_label("E-mail address of your Apple Account").fill(person)
    page.get_by_label("App-specific password").fill(password)
    page.get_by_role("button", name="Connect iCloud").click()


@SCRIPTS
def test_every_refusal_of_icloud_is_read_where_it_was_typed(
    opened: Window, host: Host, scripts: bool
) -> None:
    page, sandbox = opened.page, host.system.sandbox
    page.goto(FORM)
    apple_id = page.get_by_label("E-mail address of your Apple Account")

    def refused(words: str) -> None:
        expect(page.locator("main")).to_contain_text(words)
        expect(page.get_by_role("alert").first).to_be_focused()
        expect(apple_id).to_have_value(MARA)
        expect(page.locator("#trouble")).to_be_hidden()

    try_icloud(page, MARA, "abcd-efgh-ijkl-xxxx")
    refused("doesn't accept this e-mail address with this app-specific password")
    sandbox.control("settings", {"icloud_redirect": "http://evil.example"})
    try_icloud(page, MARA, sandbox.app_password(MARA))
    refused("didn't send your password there")
    sandbox.control("settings", {"icloud_redirect": None})
    sandbox.control("faults", {"operation": "icloud.*", "kind": "503", "count": 3})
    try_icloud(page, MARA, sandbox.app_password(MARA))
    refused("didn't answer, or we couldn't understand")
    sandbox.control("faults/clear")
    try_icloud(page, MARA, sandbox.app_password(MARA))
    page.wait_for_url("**/connections?open=icloud")
    page.goto(FORM)
    try_icloud(page, BEN, sandbox.app_password(BEN))
    expect(page.locator("main")).to_contain_text(f"Select this to use {BEN} instead.")
    page.get_by_role("checkbox").check()
    try_icloud(page, BEN, sandbox.app_password(BEN))
    page.wait_for_url("**/connections?open=icloud")
    said = f"iCloud is connected as {BEN}, instead of {MARA}."
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()


def test_signed_out_in_another_window_nothing_typed_is_lost(
    window: Open, host: Host, system: System
) -> None:
    opened = window(host.browser, base_url=system.url)
    page = opened.page
    page.goto(FORM)
    other = page.context.new_page()
    other.goto("/connections")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/sign-in*")
    password = system.sandbox.app_password(CHLOE)
    opened.loads = 0
    try_icloud(page, CHLOE, password)
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("You’re signed out.")
    with page.context.expect_page() as tab:
        notice.get_by_role("link", name="Sign in in a new tab").click()
    tab.value.get_by_label("E-mail").fill(host.email)
    tab.value.get_by_label("Password").fill(PASSWORD)
    tab.value.get_by_role("button", name="Sign in", exact=True).click()
    tab.value.wait_for_url("**/dashboard")
    connect = page.get_by_role("button", name="Connect iCloud")
    connect.click()
    expect(notice).to_contain_text(f"You’re signed in as {host.email}.")
    assert opened.loads == 0
    connect.click()
    page.wait_for_url("**/connections?open=icloud")


def test_too_many_tries_are_told_and_the_form_stays(
    window: Open, host: Host, system: System
) -> None:
    page = window(host.browser, base_url=system.url).page
    page.goto(FORM)
    page.get_by_label("E-mail address of your Apple Account").fill("dora@example.com")
    notice = page.locator("#trouble")
    for _ in range(25):
        with page.expect_response(f"**{FORM}"):
            page.get_by_role("button", name="Connect iCloud").click()
        if notice.is_visible():
            break
    expect(notice).to_contain_text("Wait 1 hour, then try again.")
    expect(page.get_by_label("E-mail address of your Apple Account")).to_have_value(
        "dora@example.com"
    )


@SCRIPTS
def test_two_windows_never_contradict_each_other_for_long(
    window: Open, host: Host, scripts: bool
) -> None:
    opened = window(host.browser, base_url=host.system.url, java_script_enabled=scripts)
    first, second = opened.page, opened.page.context.new_page()
    for page in (first, second):
        page.goto("/connections")
    connect_google(first)
    main = first.locator("main")
    expect(main).to_contain_text(f"{MARA} (Google)")
    connect_google(second)
    first.get_by_role("link", name="Disconnect").click()
    first.get_by_role("button", name="Confirm").click()
    expect(first.get_by_role("status").filter(has_text="Google is disconnected")).to_be_visible()
    for words in ("Google is connected.", f"{MARA} (Google)"):
        expect(main).not_to_contain_text(words)
    second.get_by_role("button", name="Test connection").click()
    expect(second.locator("main")).to_contain_text("Google isn't connected anymore.")
    expect(second.get_by_role("button", name="Connect Google")).to_be_visible()
    expect(second.locator("main")).not_to_contain_text(f"{MARA} (Google)")


@SCRIPTS
@pytest.mark.parametrize("provider", ["Zoom", "Google", "Microsoft"])
def test_back_and_again_never_shows_a_code(
    opened: Window, host: Host, scripts: bool, provider: str
) -> None:
    page = opened.page
    decline = "Decline" if provider == "Zoom" else "Cancel"
    page.goto("/connections")
    page.get_by_role("button", name=f"Connect {provider}", exact=True).click()
    page.get_by_role("button", name=decline).click()
    expect(page.get_by_role("heading", name=f"{provider} wasn't connected")).to_be_visible()
    assert "?" not in page.url
    page.reload()
    expect(page.get_by_role("heading", name=f"{provider} wasn't connected")).to_be_visible()
    page.go_back()  # to the consent page, which has been answered
    page.go_forward()
    expect(page.get_by_role("heading", name=f"{provider} wasn't connected")).to_be_visible()
    page.get_by_role("button", name=f"Connect {provider} again").click()
    page.get_by_role("radio", name=CHLOE).check()
    accept = {"Zoom": "Allow", "Google": "Continue", "Microsoft": "Accept"}[provider]
    with page.expect_request("**/callback?*") as callback:
        page.get_by_role("button", name=accept).click()
    expect(page.get_by_text(f"{provider} is connected.")).to_be_visible()
    page.goto(callback.value.url)
    expect(page.get_by_role("heading", name=f"{provider} is connected")).to_be_visible()
    assert "?" not in page.url


@SCRIPTS
def test_an_administrator_who_must_agree_is_said_with_what_to_send(
    opened: Window, scripts: bool
) -> None:
    page = opened.page
    page.goto("/connections")
    page.get_by_role("button", name="Connect Microsoft").click()
    page.get_by_role("button", name="My organisation forbids it").click()
    expect(page.get_by_role("heading", name="Your administrator needs to agree")).to_be_visible()
    message = page.get_by_label("Message for your administrator").input_value()
    assert "/v2.0/adminconsent?client_id=" in message


def connect_google(page: Page) -> None:
    page.get_by_role("button", name="Connect Google").click()
    page.get_by_role("radio", name=MARA).check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Google is connected.")).to_be_visible()


def test_another_host_in_the_same_browser_is_named_before_anything_is_done(
    window: Open, host: Host, system: System
) -> None:
    other = new_host(system)
    opened = window(host.browser, base_url=system.url)
    page = opened.page
    page.goto(FORM)
    page.context.clear_cookies()
    cookies = signed_in(system, other.email).cookies
    page.context.add_cookies(
        [{"name": n, "value": v, "url": system.url} for n, v in cookies.items()]
    )
    try_icloud(page, CHLOE, system.sandbox.app_password(CHLOE))
    expect(page.get_by_role("alert")).to_contain_text(f"You’re signed in as {other.email}.")
