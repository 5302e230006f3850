"""The small scripts and htmx's settings, in a real browser under the real kind of policy."""

import pytest
from flask import Flask, request
from playwright.sync_api import expect

from bookme.web.htmx import SHOW
from tests.look.conftest import HTMX_HAS_COME, Open

pytestmark = pytest.mark.browser

ZONES = """<form method="get" action="/try"><label for="zone">Zone</label>
<select id="zone" name="zone" data-fill-zone>{options}</select></form>"""
FORM = """<form method="post" action="/sent" {attributes}>
<button class="button" name="way" value="main">Send</button></form>"""
#: What makes htmx put an answer into the notice at the foot of the page.
NOTICE = {SHOW: "yes", "HX-Retarget": "#trouble", "HX-Reswap": "innerHTML"}
ASK = '<a class="button" href="/answer" hx-get="/answer" hx-target="#here">Ask</a><p id="here"></p>'


def options(*zones: str, chosen: str = "") -> str:
    return "".join(
        f'<option value="{zone}" {"selected" if zone == chosen else ""}>{zone}</option>'
        for zone in ("", *zones)
    )


@pytest.mark.parametrize(
    ("offered", "chosen", "expected"),
    [
        (["Europe/Lisbon", "Asia/Kolkata"], "", "Asia/Kolkata"),
        (["Europe/Lisbon", "Asia/Calcutta"], "", "Asia/Calcutta"),
        (["Europe/Lisbon", "Asia/Kolkata"], "Europe/Lisbon", "Europe/Lisbon"),
        (["Europe/Lisbon"], "", ""),
    ],
    ids=["new name", "old name", "already chosen", "not offered"],
)
def test_an_empty_zone_is_filled_from_the_browser(
    open_page: Open, offered: list[str], chosen: str, expected: str
) -> None:
    main = ZONES.format(options=options(*offered, chosen=chosen))
    page = open_page(main, timezone_id="Asia/Kolkata")
    expect(page.locator("#zone")).to_have_value(expected)


PICKER = """<div id="picker" class="picker">
<div id="zone" class="guessed" data-zone-link="{shown}"></div>
<div class="times">times</div></div>"""


@pytest.fixture
def asked(site: Flask) -> list[str]:
    """What the picker alone was asked for; the page is asked for at the same address."""
    found: list[str] = []

    @site.before_request
    def answer() -> tuple[str, dict[str, str]] | None:
        if "HX-Request" not in request.headers:
            return None
        found.append(request.full_path)
        return '<div id="picker" class="picker">come again</div>', {SHOW: "yes"}

    return found


@pytest.mark.parametrize(
    ("query", "shown", "cookie", "asks"),
    [
        ("?day=2027-03-11", "Europe/Berlin", "", "/try?day=2027-03-11"),
        ("", "Europe/Berlin", "Asia/Tokyo", "/try?"),
        ("", "Europe/Berlin", "Europe/Berlin@Asia/Tokyo", "/try?"),
        ("", "Europe/Berlin", "Europe/Berlin@Europe/Lisbon", ""),
        ("", "Europe/Lisbon", "", ""),
        ("?zone=Europe/Berlin", "Europe/Berlin", "", ""),
    ],
    ids=["nobody chose", "elsewhere before", "chosen elsewhere", "chosen here", "right", "address"],
)
def test_the_picker_comes_again_in_the_browsers_zone_unless_one_was_chosen(
    open_page: Open, asked: list[str], query: str, shown: str, cookie: str, asks: str
) -> None:
    kept = {"name": "zone", "value": cookie, "domain": "bookme.test", "path": "/", "expires": -1}
    more = {"httpOnly": False, "secure": False, "sameSite": "Lax"}
    cookies = {"cookies": [kept | more] if cookie else []}
    page = open_page(
        PICKER.format(shown=shown),
        query=query,
        touched=False,
        timezone_id="Europe/Lisbon",
        storage_state=cookies,
    )
    expect(page.locator("#picker")).to_have_text("come again" if asks else "times")
    expect(page.locator(".guessed")).to_have_count(0)
    assert asked == ([asks] if asks else [])
    now = "Europe/Lisbon" if asks or shown == "Europe/Lisbon" else cookie
    assert page.evaluate("document.cookie") == (f"zone={now}" if now else "")
    assert page.url == f"http://bookme.test/try{query}"


def test_htmx_comes_with_the_first_sign_of_somebody_and_a_link_serves_until_then(
    site: Flask, open_page: Open
) -> None:
    site.add_url_rule("/answer", "answer", lambda: f"swapped: {'HX-Request' in request.headers}")
    page = open_page(ASK, touched=False)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("typeof htmx") == "undefined"
    page.evaluate("document.querySelector('a[hx-get]').click()")  # as a screen reader does
    page.wait_for_url("**/answer")
    assert page.inner_text("body") == "swapped: False"
    page.go_back()
    page.locator("main").hover()
    page.evaluate(HTMX_HAS_COME)
    page.get_by_role("link", name="Ask").click()
    expect(page.locator("#here")).to_have_text("swapped: True")


def test_htmx_comes_at_once_where_something_asks_by_itself(site: Flask, open_page: Open) -> None:
    site.add_url_rule("/answer", "answer", lambda: "answered")
    page = open_page('<p id="here" hx-get="/answer" hx-trigger="load">waiting</p>', touched=False)
    expect(page.locator("#here")).to_have_text("answered")


@pytest.fixture
def sent(site: Flask) -> list[str]:
    """What forms sent to ``/sent``. It answers 204, so that the page stays and can be looked at."""
    bodies: list[str] = []

    def take() -> tuple[str, int]:
        bodies.append(request.get_data(as_text=True))
        return "", 204

    site.add_url_rule("/sent", "sent", site.extensions["csrf"].exempt(take), methods=["POST"])
    return bodies


def test_a_form_is_sent_once_with_its_buttons_value(open_page: Open, sent: list[str]) -> None:
    page = open_page(FORM.format(attributes=""))
    send = page.get_by_role("button", name="Send")
    with page.expect_response("**/sent"):
        send.click()
    expect(send).to_be_disabled()
    send.click(force=True)
    expect(page.locator("form[aria-busy=true]")).to_have_count(1)
    assert sent == ["way=main"]


def test_the_back_button_finds_a_form_that_can_be_sent_again(
    open_page: Open, sent: list[str]
) -> None:
    page = open_page(FORM.format(attributes=""))
    send = page.get_by_role("button", name="Send")
    with page.expect_response("**/sent"):
        send.click()
    expect(send).to_be_disabled()
    # What a browser does when it takes a page out of its cache; this one keeps none.
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    with page.expect_response("**/sent"):
        send.click()
    assert len(sent) == 2


@pytest.mark.parametrize("attributes", ["data-repeat", 'hx-post="/sent"'])
def test_some_forms_are_left_alone(open_page: Open, sent: list[str], attributes: str) -> None:
    page = open_page(FORM.format(attributes=attributes))
    for _ in range(2):
        with page.expect_response("**/sent"):
            page.get_by_role("button", name="Send").click()
    assert len(sent) == 2


@pytest.mark.parametrize(
    ("status", "shown", "trouble"),
    [(200, "answered", False), (422, "answered", False), (204, "", False), (500, "", True)],
)
def test_answers_are_shown_or_said_to_have_failed(
    site: Flask, open_page: Open, status: int, shown: str, trouble: bool
) -> None:
    """As they come from others, such as a proxy."""
    site.add_url_rule("/answer", "answer", lambda: ("answered", status))
    page = open_page(ASK)
    with page.expect_response("**/answer"):
        page.get_by_role("link", name="Ask").click()
    expect(page.locator("#here")).to_have_text(shown)
    expect(page.locator("#trouble")).to_be_visible(visible=trouble)


@pytest.mark.parametrize("status", [400, 403, 409, 429, 500, 502, 503])
def test_what_was_made_for_the_page_is_shown_whatever_its_status(
    site: Flask, open_page: Open, status: int
) -> None:
    site.add_url_rule("/answer", "answer", lambda: ("answered", status, {SHOW: "yes"}))
    page = open_page(ASK)
    page.get_by_role("link", name="Ask").click()
    expect(page.locator("#here")).to_have_text("answered")
    expect(page.locator("#trouble")).to_be_hidden()


def test_words_that_belong_to_no_form_come_in_the_notice_and_go_again(
    site: Flask, open_page: Open
) -> None:
    answers = iter(
        [
            ("<p>Too many tries.</p>", 429, NOTICE),
            ("from a proxy", 502),
            ("<p>Too many tries.</p>", 429, NOTICE),
            ("answered", 200),
        ]
    )
    site.add_url_rule("/answer", "answer", lambda: next(answers))
    page = open_page(ASK + '<input aria-label="Notes" value="">')
    page.get_by_label("Notes").fill("typed")
    for said in ("Too many tries.", "That didn’t work.", "Too many tries."):
        page.get_by_role("link", name="Ask").click()
        expect(page.get_by_role("alert")).to_contain_text(said)
        expect(page.locator("#here")).to_have_text("")
    page.get_by_role("link", name="Ask").click()
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.get_by_label("Notes")).to_have_value("typed")


def test_no_answer_at_all_is_said(site: Flask, open_page: Open) -> None:
    page = open_page(ASK)
    page.route("**/answer", lambda route: route.abort())
    page.get_by_role("link", name="Ask").click()
    expect(page.get_by_role("alert")).to_contain_text("What you typed is still here")


def test_what_failed_can_be_tried_again(site: Flask, open_page: Open) -> None:
    answers = iter([("from a proxy", 502), ("<p>Too many tries.</p>", 429, NOTICE), ("done", 200)])
    site.add_url_rule("/answer", "answer", lambda: next(answers))
    page = open_page(ASK)
    page.get_by_role("link", name="Ask").click()
    again = page.get_by_role("button", name="Try again")
    for said in ("That didn’t work.", "Too many tries."):
        expect(page.get_by_role("alert")).to_contain_text(said)
        again.click()
    expect(page.locator("#here")).to_have_text("done")
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.get_by_role("link", name="Ask")).to_be_focused()


def test_trouble_goes_when_the_next_answer_comes(site: Flask, open_page: Open) -> None:
    statuses = iter((503, 200))
    site.add_url_rule("/answer", "answer", lambda: ("answered", next(statuses)))
    page = open_page(ASK)
    page.get_by_role("link", name="Ask").click()
    expect(page.get_by_role("alert")).to_contain_text("That didn’t work.")
    page.get_by_role("link", name="Ask").click()
    expect(page.locator("#trouble")).to_be_hidden()


def test_no_page_is_kept_in_the_browsers_storage(site: Flask, open_page: Open) -> None:
    site.add_url_rule("/answer", "answer", lambda: f"from htmx: {'HX-Request' in request.headers}")
    page = open_page(ASK.replace("hx-get", 'hx-push-url="true" hx-get'))
    page.get_by_role("link", name="Ask").click()
    expect(page.locator("#here")).to_have_text("from htmx: True")
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Ask" not in stored


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_menu_opens_on_a_phone(open_page: Open, scripts: bool) -> None:
    phone = {"width": 390, "height": 844}
    page = open_page("", "dashboard.html", viewport=phone, java_script_enabled=scripts)
    account = page.get_by_role("link", name="Account")
    expect(account).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(account).to_be_visible()
    account.click()
    page.wait_for_url("**/account")


def test_the_menu_stands_there_on_a_wide_screen(open_page: Open) -> None:
    page = open_page("", "dashboard.html", viewport={"width": 1280, "height": 900})
    expect(page.get_by_role("link", name="Account")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()


def test_the_first_stop_of_the_tab_key_skips_to_the_content(open_page: Open) -> None:
    page = open_page("<p>Here</p>", "dashboard.html")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_text_with_its_links_is_copied_as_by_hand_where_a_script_may_not_write(
    open_page: Open,
) -> None:
    page = open_page(
        '<button class="button" data-rich="rich" data-plain="plain" data-copied="Copied" hidden>'
        'Copy</button><output></output><div id="rich"><a href="/x">09:00</a></div>'
        '<textarea id="plain">09:00: /x</textarea><script src="/static/copy-rich.js"></script>'
    )
    page.evaluate("addEventListener('copy', () => (self.seen = `${getSelection()}`))")
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("output").first).to_have_text("Copied")
    assert page.evaluate("self.seen") == "09:00"
