"""A booker in a real browser: quick with htmx, whole without JavaScript, and by keyboard alone."""

import re
from datetime import date, timedelta

import click
import pytest
from playwright.sync_api import Page, expect

from bookme.clock import utcnow
from tests.browser.conftest import Open
from tests.patience import wait_until
from tests.people import ALWAYS, Host, Offer, new_booker, new_host
from tests.system import System

#: Besides what is typed.
MOST_KEYS = 12
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no JavaScript"])


@pytest.fixture(scope="module")
def host(system: System) -> Host:
    host = new_host(system)
    host.connect_zoom()
    return host


@pytest.fixture(scope="module")
def offer(host: Host) -> Offer:
    return host.publish(video_provider="zoom", horizon_days="300")


@pytest.fixture(scope="module")
def asking(host: Host) -> Offer:
    """A schedule that asks four things, and lets bookers bring guests."""
    browser = host.open("/dashboard/schedules/new")
    asked = (
        ("Company", "text", ""),
        ("How far are you?", "one", "An idea\nA draft"),
        ("Who will be there?", "several", "Design\nThe board"),
        ("I agree", "tick", ""),
    )
    for _question in asked:
        browser.press("Add question")
    typed: dict[str, str | bool] = {
        f"questions__{nth}__{name}": value
        for nth, row in enumerate(asked)
        for name, value in zip(("label", "kind", "choices"), row, strict=True)
    }
    place = {"location_kind": "in_person", "address": "Gate 3", "after_words": "Bring a laptop."}
    browser.press("Save", title="Asking", **place, **ALWAYS, **typed)
    return Offer(f"{host.system.url}/{host.handle}/asking", "Asking", host.system)


@SCRIPTS
def test_months_and_days_are_turned_and_the_back_button_turns_them_back(
    window: Open, offer: Offer, scripts: bool
) -> None:
    opened = window(java_script_enabled=scripts)
    page = opened.page
    page.goto(f"{offer.url}?zone=Europe/Lisbon")
    month = page.locator("#month-name")
    first = month.inner_text()
    opened.loads = 0
    page.locator("#later").click()
    expect(page).to_have_url(re.compile(r"\?month=\d{4}-\d\d&zone=Europe%2FLisbon"))
    expect(month).not_to_have_text(first)
    page.locator("a.day").nth(4).click()
    expect(page).to_have_url(re.compile(r"[?&]day=\d{4}-\d\d-\d\d"))
    chosen = page.locator("a.day[aria-current=date]")
    day = str(chosen.get_attribute("aria-label")).removesuffix(", free times")
    heading = page.get_by_role("heading", name=day, exact=True)
    expect(heading).to_be_visible()
    if scripts:
        expect(chosen).to_be_focused()
        expect(page.get_by_role("status").filter(has_text=day)).to_have_text(
            re.compile(r": \d+ times$")
        )
    assert page.locator("#times a.time").count() > 10
    assert bool(opened.loads) is not scripts, "htmx loads no whole page"
    page.go_back()
    expect(page).not_to_have_url(re.compile("day="))
    expect(heading).to_have_count(0)
    page.go_back()
    expect(month).to_have_text(first)


def test_arrow_and_page_keys_move_through_days(window: Open, offer: Offer) -> None:
    page = window(locale="en-GB").page
    page.goto(f"{offer.url}?zone=Europe/Lisbon&month={_months_on(2)}")
    press, focused = page.keyboard.press, page.locator("a.day:focus")

    def moved(key: str) -> str:
        press(key)
        return str(focused.get_attribute("id"))

    first = page.locator("a.day[tabindex='0']")
    first.focus()
    begin = date.fromisoformat(_months_on(2) + "-01")
    for key, days in (("ArrowRight", 1), ("ArrowDown", 8), ("ArrowLeft", 7), ("ArrowUp", 0)):
        assert moved(key) == f"d-{begin + timedelta(days=days)}", key
    moved("ArrowDown")
    week = begin + timedelta(days=7 - begin.weekday())
    assert moved("End") == f"d-{week + timedelta(days=6)}"
    assert moved("Home") == f"d-{week}"
    press("PageDown")
    expect(focused).to_have_attribute("id", re.compile(f"d-{_months_on(3)}"))
    expect(page.locator("[role=status].unseen")).to_contain_text("days with free times")
    expect(page.locator("a.day[tabindex='0']")).to_have_count(1)
    press("PageUp")
    expect(focused).to_have_attribute("id", f"d-{week}")
    for days in (7, 14):  # over the month's edge
        press("ArrowUp")
        expect(focused).to_have_attribute("id", f"d-{week - timedelta(days=days)}")


@SCRIPTS
def test_first_times_are_in_sight_on_a_phone(window: Open, offer: Offer, scripts: bool) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": scripts}
    page = window(timezone_id="Europe/Berlin", **phone).page
    page.goto(offer.url)
    expect(page.locator("a.time").first).to_be_in_viewport(ratio=1)
    hidden = page.locator("tr:not(.near) > td > .day").last
    expect(hidden).to_be_hidden()
    page.get_by_text("Show all days").click()
    expect(hidden).to_be_visible()


@SCRIPTS
def test_the_zone_and_the_clock_are_changed(window: Open, offer: Offer, scripts: bool) -> None:
    opened = window(java_script_enabled=scripts, locale="en-GB")  # whose clock has 24 hours
    page = opened.page
    page.goto(f"{offer.url}?zone=Europe/Lisbon")
    opened.loads = 0
    page.get_by_role("link", name="Change time zone").click()
    zone = page.get_by_label("Your time zone", exact=True)
    if scripts:
        zone = page.locator("input[role=combobox]")  # once its script is there
        zone.fill("japan")
        expect(page.get_by_role("option")).to_have_count(1)
        zone.press("Enter")
    else:
        zone.select_option("Asia/Tokyo")
        page.get_by_role("button", name="Change time zone").click()
    expect(page.locator("#zone")).to_contain_text("Tokyo, now")
    page.get_by_role("link", name="12h clock").click()
    expect(page.locator("#times a.time").first).to_contain_text(re.compile(r"[ap]m"))
    expect(page).to_have_url(re.compile("zone=Asia%2FTokyo.*clock=12"))
    assert bool(opened.loads) is not scripts


def test_a_page_is_shown_in_the_browsers_own_zone_first(window: Open, offer: Offer) -> None:
    opened = window(timezone_id="Asia/Tokyo")
    page = opened.page
    page.goto(offer.url)
    expect(page.locator("#zone")).to_contain_text("Tokyo, now")
    assert opened.loads == 1
    assert page.url == offer.url
    plain = window(java_script_enabled=False, timezone_id="Asia/Tokyo").page
    plain.goto(offer.url)
    expect(plain.locator("#zone")).to_contain_text("Berlin, now")


@SCRIPTS
def test_a_refused_form_keeps_what_was_typed_and_then_books(
    window: Open, offer: Offer, scripts: bool
) -> None:
    opened = window(java_script_enabled=scripts)
    page = opened.page
    page.goto(f"{offer.url}?zone=Europe/Lisbon")
    page.locator("a.time").first.click()
    email = new_booker()
    page.get_by_label("Your name").fill("   ")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Notes").fill("Zwölf <b>Fragen</b>")
    opened.loads = 0
    page.get_by_role("button", name="Book this time").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("There’s a problem.")
    expect(page.get_by_label("Your name")).to_be_focused()
    expect(page.get_by_label("Your e-mail address")).to_have_value(email)
    expect(page.get_by_label("Notes")).to_have_value("Zwölf <b>Fragen</b>")
    assert bool(opened.loads) is not scripts
    page.get_by_label("Notes").focus()
    alert.get_by_role("link").click()
    expect(page.get_by_label("Your name")).to_be_focused()
    page.get_by_label("Your name").fill("Ana Costa")
    page.get_by_role("button", name="Book this time").click()
    page.wait_for_url("**/booking/*")
    expect(page.locator("main")).to_contain_text("Zwölf <b>Fragen</b>")


@SCRIPTS
def test_a_time_that_was_taken_meanwhile_is_offered_anew_beside_what_was_typed(
    window: Open, offer: Offer, scripts: bool
) -> None:
    opened = window(java_script_enabled=scripts)
    page = opened.page
    page.goto(f"{offer.url}?zone=Europe/Lisbon")
    address = str(page.locator("a.time").first.get_attribute("href"))
    another = window().page
    for booker in (page, another):
        booker.goto(f"{offer.system.url}{address}")
        booker.get_by_label("Your name").fill("Ana Costa")
        booker.get_by_label("Your e-mail address").fill(new_booker())
    another.get_by_role("button", name="Book this time").click()
    another.wait_for_url("**/booking/*")
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_role("alert")).to_contain_text("That time was just taken.")
    expect(page.get_by_label("Your name")).to_have_value("Ana Costa")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Book this time").click()
    page.wait_for_url("**/booking/*")


@SCRIPTS
def test_the_link_comes_to_the_page_that_waits_for_it(
    window: Open, offer: Offer, scripts: bool
) -> None:
    opened = window(java_script_enabled=scripts)
    page = opened.page
    slow = {"operation": "create", "kind": "slow-after", "seconds": 2}
    offer.system.sandbox.control("faults", slow)
    _book(page, offer)
    expect(page.locator("#meeting")).to_contain_text("We’re creating your Zoom link.")
    opened.loads = 0
    join = page.get_by_role("link", name="Join the Zoom call")
    if scripts:
        expect(join).to_be_visible()
        assert opened.loads == 0
    else:
        wait_until(lambda: page.get_by_text("Check now").click() or join.count(), "the link")
    expect(page.locator("#meeting")).to_contain_text("Passcode:")
    expect(page.locator("#meeting[hx-trigger]")).to_have_count(0)


@SCRIPTS
def test_a_booking_is_moved_and_cancelled(window: Open, offer: Offer, scripts: bool) -> None:
    page = window(java_script_enabled=scripts).page
    _book(page, offer)
    page.get_by_role("link", name="Reschedule booking").click()
    page.locator("#later").click()
    page.locator("a.day").last.click()
    expect(page).to_have_url(re.compile("day="))
    page.locator("a.time").nth(3).click()
    page.get_by_role("button", name="Reschedule booking").click()
    page.wait_for_url(re.compile(r"/booking/[^/]+\?done=2"))
    expect(page.get_by_role("status").filter(has_text="Rescheduled to")).to_be_visible()
    page.get_by_role("link", name="Cancel booking").click()
    page.get_by_label("Reason").fill("I am ill")
    page.get_by_role("button", name="Cancel booking").click()
    expect(page.locator("main")).to_contain_text("You cancelled this booking.")


@SCRIPTS
def test_going_back_and_sending_the_form_again_shows_the_booking_that_is_there(
    window: Open, offer: Offer, scripts: bool
) -> None:
    page = window(java_script_enabled=scripts).page
    _book(page, offer)
    expect(page.get_by_role("heading", name="You’re booked")).to_be_focused()
    expect(page).to_have_title(re.compile("^You’re booked: "))
    there = page.url
    page.go_back()
    expect(page.get_by_label("Your name")).to_have_value("Ana Costa")
    if scripts:
        expect(page.get_by_text("You’ve booked this time.")).to_be_visible()
    taken = page.url
    page.get_by_role("button", name="Book this time").click()
    page.wait_for_url(there)
    if scripts:  # whoever opens the time anew in this tab is led there, too
        page.goto(f"{taken}&again=1")
        expect(page.get_by_text("That time was just taken.")).to_be_hidden()
        page.get_by_role("link", name="See your booking").click()
        page.wait_for_url(there.partition("?")[0])
    stranger = window(java_script_enabled=scripts).page
    stranger.goto(taken)
    expect(stranger.get_by_text("That time was just taken.")).to_be_visible()
    expect(stranger.get_by_role("link", name="See your booking")).to_be_hidden()


def test_few_keys_lead_from_the_schedule_to_booked(window: Open, offer: Offer) -> None:
    """By keyboard alone, in a month that is all to come, with ways to those before and after it."""
    page = window().page
    page.goto(f"{offer.url}?zone=Europe/Lisbon&month={_months_on(2)}")
    expect(page.locator("a.day[tabindex='0']")).to_have_count(1)  # once its script is there
    pressed: list[str] = []

    def press(key: str) -> None:
        page.keyboard.press(key)
        pressed.append(key)

    press("Tab")
    press("Tab")
    press("Enter")  # skip to the times
    expect(page.locator("#times")).to_be_focused()  # not at once: the address changes first
    while not page.evaluate("document.activeElement.matches('a.time')"):
        press("Tab")
        assert len(pressed) < 99
    to_time = len(pressed)
    press("Enter")
    page.wait_for_url("**/book?at=*")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Ana Costa")
    press("Tab")
    page.keyboard.type(new_booker())
    press("Enter")
    page.wait_for_url("**/booking/*")
    expect(page.get_by_role("heading", name="You’re booked")).to_be_focused()
    click.echo(f"{len(pressed)} key presses, {to_time} of them to the first time")
    assert len(pressed) - to_time == 3
    assert len(pressed) <= MOST_KEYS


def test_the_whole_way_by_keyboard_alone(window: Open, offer: Offer) -> None:
    page = window().page
    page.goto(f"{offer.url}?zone=Europe/Lisbon")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the content
    expect(page.locator("#main")).to_be_focused()  # not at once: the address changes first
    _tab_to(page, "a.day")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("a.day:focus")).to_have_attribute("aria-current", "date")
    _tab_to(page, "a.time")
    page.keyboard.press("Enter")
    page.wait_for_url("**/book?at=*")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Ana Costa")
    page.keyboard.press("Tab")
    page.keyboard.type("not an address at all@")
    for _guests_notes_button in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Book this time")).to_be_focused()
    page.evaluate("document.querySelector('#details').noValidate = true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There’s a problem.")
    expect(page.locator(".htmx-added")).to_have_count(0)  # then htmx has the focus set once more
    expect(page.locator("#email")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(new_booker())
    page.keyboard.press("Enter")
    page.wait_for_url("**/booking/*")


@SCRIPTS
def test_answers_and_guests_are_booked_by_keyboard_alone(
    window: Open, asking: Offer, scripts: bool
) -> None:
    opened = window(java_script_enabled=scripts)
    page, press = opened.page, opened.page.keyboard.press
    page.goto(f"{asking.url}?zone=Europe/Lisbon")
    page.locator("a.time").first.press("Enter")
    page.locator("#name").focus()
    page.keyboard.type("Ana Costa")
    press("Tab")
    page.keyboard.type(new_booker())
    press("Tab")
    page.keyboard.type("Costa & Filhos")
    press("Tab")
    press("Space")  # the first of one choice
    press("ArrowDown")  # and the one after it
    press("Tab")  # several
    press("Space")
    press("Tab")
    press("Tab")
    press("Tab")  # past a checkbox that has to be ticked
    page.keyboard.type("bo@bookers.example\nnobody")
    opened.loads = 0
    page.locator("#details").evaluate("form => form.noValidate = true")
    press("Tab")
    press("Tab")
    expect(page.get_by_role("button", name="Book this time")).to_be_focused()
    press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("There are 2 problems.")
    expect(page.get_by_role("checkbox", name="I agree")).to_be_focused()
    for words in ("Tick this box to go on.", "“nobody” isn’t an e-mail address."):
        expect(page.locator("#details .error").filter(has_text=words)).to_be_visible()
    expect(page.get_by_role("radio", name="A draft")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Design")).to_be_checked()
    expect(page.get_by_label("Guests")).to_have_value("bo@bookers.example\nnobody")
    assert bool(opened.loads) is not scripts
    page.get_by_role("checkbox", name="I agree").press("Space")
    page.get_by_label("Guests").fill("bo@bookers.example")
    page.get_by_role("button", name="Book this time").press("Enter")
    page.wait_for_url("**/booking/*")
    for words in ("Costa & Filhos", "A draft", "Design", "bo@bookers.example", "Bring a laptop."):
        expect(page.locator("main")).to_contain_text(words)


def _months_on(months: int) -> str:
    """A month from this one, as addresses say it."""
    year, month = divmod(utcnow().month - 1 + months, 12)
    return f"{utcnow().year + year}-{month + 1:02}"


def _book(page: Page, offer: Offer) -> None:
    page.goto(f"{offer.url}?zone=Europe/Lisbon")
    page.locator("a.time").first.click()
    page.get_by_label("Your name").fill("Ana Costa")
    page.get_by_label("Your e-mail address").fill(new_booker())
    page.get_by_role("button", name="Book this time").click()
    page.wait_for_url("**/booking/*")


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on something of this kind, visibly."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            break
    focused = page.locator(":focus-visible")
    expect(focused).to_have_count(1)
    assert focused.evaluate("(node, s) => node.matches(s)", selector), selector
