"""Every page of BookMe in each of its states: where it is, who looks, what has to be done there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from playwright.sync_api import Locator, Page

from bookme.clock import utcnow
from tests.browser.world import World
from tests.people import free_times, letter, link_in
from tests.visitor import Visitor

Act = Callable[[Page], None]
#: A time that is on no schedule, but can be told of.
_LATE = "2199-03-03T03:00:00Z"
#: The last parts of the addresses of its steps.
SET_UP = ("address", "hours", "connections", "link")


@dataclass(frozen=True)
class Place:
    """A page.

    :ivar who: a host of the world who is signed in; nobody when empty.
    :ivar act: what is done on the page to bring it into this state.
    """

    name: str
    path: str
    who: str = ""
    act: Act | None = None


def every_place(world: World) -> list[Place]:
    return [
        *_public(world),
        *_bookers(world),
        *_accounts(world),
        *_dashboard(world),
        *_zoom(world),
        *_calendars(world),
        *_studio_outside(world),
        *_studio_inside(world),
    ]


def outside(world: World) -> list[Place]:
    """What people see elsewhere: mails as they are read, and the sandbox's own pages."""
    home, hosts = world.system.sandbox.web_url, world.system
    mails = {
        "booked-booker": letter(hosts, "ana@bookers.example", "Confirmed"),
        "booked-host": letter(hosts, world.mara.email, "New booking: Ana Costa"),
        "booked-host-no-link": letter(hosts, world.noor.email, "New booking, no link"),
        "booked-booker-no-link": letter(hosts, "emil@bookers.example", "Confirmed"),
        "moved": letter(hosts, "kwame@bookers.example", "Rescheduled"),
        "cancelled": letter(hosts, "tomas@bookers.example", "Cancelled"),
        "confirm": letter(hosts, world.jonas.email, "Confirm your e-mail"),
        "requested-booker": letter(hosts, "pia@bookers.example", "Requested"),
        "requested-host": letter(hosts, world.vera.email, "Answer needed"),
        "hold": letter(hosts, "hedda@bookers.example", "Confirm your booking"),
        "invitation": letter(hosts, "bo@bookers.example", "Invitation"),
        "reminder": letter(hosts, "hana@bookers.example", "Reminder"),
        "asked": letter(hosts, "otto@bookers.example", "Pick another time"),
        "reconnect": letter(hosts, world.noor.email, "Reconnect Zoom"),
    }
    pages = (
        "",
        "mail",
        "zoom/meetings",
        "zoom/marketplace",
        "faults",
        "google/calendar",
        "microsoft/calendar",
        "icloud/calendar",
    )
    return [
        *(Place(f"mail-{name}", f"{home}/mail/{m['id']}/html") for name, m in mails.items()),
        *(Place(f"sandbox-{page.replace('/', '-')}", f"{home}/{page}") for page in pages),
        Place("sandbox-message", f"{home}/mail/{mails['booked-booker']['id']}"),
        Place("sandbox-consent", "/connections", "noor", _reconnect),
    ]


def _public(world: World) -> list[Place]:
    intro = "/mara/intro-call"
    return [
        Place("landing", "/"),
        Place("help-zoom", "/help/zoom"),
        Place("privacy", "/privacy"),
        Place("terms", "/terms"),
        Place("support", "/support"),
        Place("error-404", "/nobody-here"),
        Place("styleguide", "/styleguide"),
        Place("host", "/mara"),
        Place("schedule", f"{intro}?zone=Europe/Berlin"),
        Place("schedule-12h", f"{intro}?zone=America/New_York&clock=12"),
        Place("schedule-choose-zone", f"{intro}?zone=Europe/Berlin&choose=zone"),
        Place("schedule-month-without-times", f"{intro}?zone=Europe/Berlin&month=2099-01"),
        Place("schedule-embedded", f"{intro}?zone=Europe/Berlin&embed=1&theme=dark"),
        Place("details", _time(world, intro)),
        Place("details-422", _time(world, intro), act=_send_nothing("Book this time")),
        Place("details-taken", _taken(world, intro)),
        Place("details-phone", _time(world, "/mara/quick-question")),
    ]


def _bookers(world: World) -> list[Place]:
    def of(who: str, page: str = "") -> str:
        return urlsplit(world.bookings[who]).path + page

    moved = Visitor(world.bookings["Sofia"]).open(world.bookings["Sofia"])
    target = free_times(moved.click("Reschedule booking"), 3)[2]
    return [
        Place("booked", of("Ana")),
        Place("booked-in-person", of("Priya")),
        Place("booked-phone", of("Liam")),
        Place("booked-waiting", "/lea/deep-dive?zone=Europe/Lisbon", act=_book),
        Place("booked-slow", urlsplit(world.waiting).path),
        Place("booked-no-link", of("Emil")),
        Place("booked-cancelled", of("Tomas")),
        Place("booked-over", of("Greta")),
        Place("move", of("Ana", "/reschedule?zone=Europe/Lisbon")),
        Place("move-confirm", target.removeprefix(world.system.url)),
        Place("cancel", of("Ana", "/cancel")),
        Place("own-data", of("Ana", "/data")),
        Place("own-data-correct", of("Ana", "/data/correct")),
        Place("own-data-wrong", of("Ana", "/data/correct"), act=_correct_badly),
        Place("own-data-delete", of("Ana", "/data/delete")),
        Place("find-bookings", "/booking/find"),
        Place("find-bookings-422", "/booking/find", act=_send_nothing("Send links")),
    ]


def _accounts(world: World) -> list[Place]:
    message = letter(world.system, world.jonas.email, "Confirm your e-mail")
    confirm = link_in(message, "/confirm-email/").removeprefix(world.system.url)
    return [
        Place("sign-in", "/sign-in"),
        Place("sign-in-422", "/sign-in", act=_wrong_password),
        Place("sign-up", "/sign-up"),
        Place("sign-up-422", "/sign-up", act=_send_nothing("Sign up")),
        Place("sign-up-done", "/sign-up/check-mail"),
        Place("confirm-email", confirm),
        Place("bad-link", "/confirm-email/not-a-link"),
        Place("forgot-password", "/forgot-password"),
        Place("reset-password", _reset(world)),
        Place("account", "/account", "mara"),
        Place("face", "/account/page", "mara"),
        Place("security", "/account/security", "mara"),
        Place("security-422", "/account/security", "mara", _send_nothing("Change the password")),
        Place("second-factor", "/account/second-factor", "mara"),
        Place("confirm-identity", "/account/confirm-identity", "mara"),
        Place(
            "confirm-identity-422",
            "/account/confirm-identity",
            "mara",
            _send_nothing("Continue"),
        ),
        Place("sessions", "/account/sessions", "mara"),
        Place("data", "/account/data", "mara"),
    ]


def _list_no_site(page: Page) -> None:
    page.get_by_role("textbox", name="Sites").fill("http://example.com")
    page.get_by_role("button", name="Save sites").click()


def _dashboard(world: World) -> list[Place]:
    booking = _in_dashboard(world, "Ana Costa")
    schedule = _edit_address(world, "Intro call")
    return [
        Place("today", "/dashboard", "mara"),
        Place("today-new", "/dashboard", "jonas"),
        Place("today-trouble", "/dashboard", "noor"),
        *(Place(f"set-up-{step}", f"/dashboard/set-up/{step}", "jonas") for step in SET_UP),
        Place("set-up-connected", "/dashboard/set-up/connections", "ines"),
        Place("set-up-link-made", "/dashboard/set-up/link", "mara"),
        Place("bookings", "/dashboard/bookings", "mara"),
        Place("bookings-past", "/dashboard/bookings?show=past", "mara"),
        Place("bookings-cancelled", "/dashboard/bookings?show=cancelled", "mara"),
        Place("bookings-nobody", "/dashboard/bookings?q=nobody", "mara"),
        Place("bookings-filtered", "/dashboard/bookings?q=a&show=all&since=2020-01-01", "mara"),
        Place("bookings-wrong", "/dashboard/bookings?since=1900-01-01", "mara"),
        Place("bookings-none", "/dashboard/bookings", "jonas"),
        Place("feed", "/dashboard/feed", "mara"),
        Place("embed", "/dashboard/embed?schedule=intro-call", "mara"),
        Place("embed-422", "/dashboard/embed?way=floating", "mara", act=_list_no_site),
        Place("feed-made", "/dashboard/feed", "lea", _make_feed),
        Place("numbers", "/dashboard/numbers", "mara"),
        Place("numbers-none", "/dashboard/numbers", "jonas"),
        Place("numbers-wrong", "/dashboard/numbers?range=dates", "mara"),
        Place("booking", booking, "mara"),
        Place("booking-cancelled", _in_dashboard(world, "Rosa Klein", "cancelled"), "mara"),
        Place("booking-trouble", _in_dashboard(world, "Emil Sand", who="noor"), "noor"),
        Place("booking-slow", _in_dashboard(world, "Finn Berg", who="lea"), "lea"),
        Place("booking-move", f"{booking}/reschedule", "mara"),
        Place("booking-move-asks", f"{booking}/reschedule?at={_LATE}", "mara"),
        Place("booking-cancel", f"{booking}/cancel", "mara"),
        Place("booking-ask", f"{booking}/ask", "mara"),
        Place("book-what", "/dashboard/book", "mara"),
        Place("book-when", schedule.replace("schedules", "book"), "mara"),
        Place("book-whom", *_whom(schedule)),
        Place("book-whom-422", *_whom(schedule, _send_nothing("Book this time"))),
        Place("booking-no-show", _in_dashboard(world, "Greta Holm", "past"), "mara"),
        Place("booking-erase", f"{booking}/erase", "mara"),
        Place("hours", "/dashboard/hours", "mara"),
        Place("hours-set", "/dashboard/hours/sets/new", "mara"),
        Place("time-off", "/dashboard/hours/off/new", "mara"),
        Place("time-off-asks", "/dashboard/hours/off/new", "mara", _be_away),
        Place("time-off-422", "/dashboard/hours/off/new", "mara", _send_nothing("Save time off")),
        Place("schedules", "/dashboard/schedules", "mara"),
        Place("schedules-none", "/dashboard/schedules", "jonas"),
        Place("schedule-new", "/dashboard/schedules/new", "mara"),
        Place("schedule-edit", schedule, "mara"),
        Place("schedule-edit-basic", _edit_address(world, "Deep dive", "lea"), "lea"),
        Place("schedule-422", "/dashboard/schedules/new", "mara", _send_overlap),
        Place("times", f"{schedule}/times", "mara"),
        Place("times-422", f"{schedule}/times", "mara", _send_nothing("Show the text")),
        Place("times-mail", f"{schedule}/times/mail?zone=Asia/Tokyo&at={_LATE}", "mara"),
        Place("schedule-delete", f"{schedule}/delete", "mara"),
    ]


def _zoom(world: World) -> list[Place]:
    late = "/connections/zoom/callback?state=old&code=x"
    return [
        Place("connections", "/connections", "mara"),
        Place("connections-open", "/connections?open=zoom", "mara"),
        Place("connections-disconnect", "/connections/zoom/disconnect", "mara"),
        Place("connections-none", "/connections", "jonas"),
        Place("connections-basic", "/connections?open=zoom", "lea"),
        Place("connections-trouble", "/connections?open=zoom", "noor"),
        Place("connections-failed", late, "noor"),
        Place("connections-done", late, "mara"),
        Place("settings", "/connections/settings", "mara"),
        Place("settings-none", "/connections/settings", "noor"),
        Place("install", "/connections/zoom/install"),
        Place("install-unconfirmed", "/connections/zoom/install", "jonas"),
        Place("install-connected", "/connections/zoom/install", "mara"),
    ]


def _calendars(world: World) -> list[Place]:
    password = "/connections/icloud/password"
    return [
        Place("help-calendars", "/help/calendars"),
        Place("schedule-meet", "/ines/portfolio-review?zone=Europe/Lisbon"),
        Place("booked-meet", urlsplit(world.bookings["Aiko"]).path),
        Place("booking-meet", _in_dashboard(world, "Aiko Mori", who="ines"), "ines"),
        Place("calendars", "/connections", "ines"),
        Place("calendars-open", "/connections?open=google", "ines"),
        Place("calendars-trouble", "/connections?open=icloud", "ines"),
        Place("calendars-disconnect", "/connections/google/disconnect", "ines"),
        Place("calendars-password", password, "mara"),
        Place("calendars-password-422", password, "mara", _ordinary_password),
        Place("settings-meet", "/connections/settings", "ines"),
    ]


def _studio_outside(world: World) -> list[Place]:
    at, review = world.studio.at, _time(world, "/vera/design-review")
    return [
        Place("studio", "/vera"),
        Place("schedule-lengths", "/vera/design-review?zone=Europe/Lisbon"),
        Place("details-questions", review),
        Place("details-questions-422", review, act=_send_nothing("Book this time")),
        Place("details-request", _time(world, "/vera/strategy-session")),
        Place("booked-after", at["booked"]),
        Place("booked-asked", at["asked"]),
        Place("booked-pending", at["pending"]),
        Place("held", at["held"]),
        Place("confirm-booking", at["confirm"]),
        Place("guest-leaves", at["leave"]),
        Place("reminders-stop", at["stop"]),
        Place("link-spent", at["spent"]),
    ]


def _studio_inside(world: World) -> list[Place]:
    pending, review = _in_dashboard(world, "Pia Sommer", who="vera"), "Design review"
    edit = _edit_address(world, review, "vera")
    links = _edit_address(world, "Private session", "vera") + "/links"
    return [
        Place("today-requests", "/dashboard", "vera"),
        Place("bookings-requests", "/dashboard/bookings", "vera"),
        Place("booking-answers", _in_dashboard(world, "Hana Novak", who="vera"), "vera"),
        Place("booking-asked", _in_dashboard(world, "Otto Lind", who="vera"), "vera"),
        Place("booking-pending", pending, "vera"),
        Place("request-accept", f"{pending}/accept", "vera"),
        Place("request-decline", f"{pending}/decline", "vera"),
        Place("schedules-studio", "/dashboard/schedules", "vera"),
        Place("schedule-edit-studio", edit, "vera"),
        Place("schedule-edit-open", edit, "vera", _unfold),
        Place("schedule-edit-422", edit, "vera", _send_errors),
        Place("links", links, "vera"),
        Place("links-new", links, "vera", _make_link),
        Place("links-422", links, "vera", _make_wrong_link),
        Place("book-lengths", edit.replace("schedules", "book"), "vera"),
    ]


def _whom(schedule: str, act: Act | None = None) -> tuple[str, str, Act | None]:
    """Where a host says for whom a time is booked."""
    at = quote((utcnow() + timedelta(days=3)).strftime("%Y-%m-%dT09:00:00Z"))
    return f"{schedule.replace('schedules', 'book')}/for?at={at}", "mara", act


def _time(world: World, page: str) -> str:
    """The form behind a free time."""
    booker = Visitor(world.system.url).open(f"{page}?zone=Europe/Berlin")
    return free_times(booker)[0].removeprefix(world.system.url)


def _taken(world: World, page: str) -> str:
    """The form behind a time that somebody has taken."""
    booked = Visitor(world.bookings["Ana"]).open(world.bookings["Ana"])
    file = booked.open(booked.links("a[href$='.ics']")[0]).body
    start = datetime.strptime(file.partition("DTSTART:")[2][:16], "%Y%m%dT%H%M%S%z")
    return f"{page}/book?at={quote(start.isoformat())}&zone=Europe/Berlin"


def _reset(world: World) -> str:
    visitor = Visitor(world.system.url).open("/forgot-password")
    visitor.press("Send me a link", email=world.lea.email)
    message = letter(world.system, world.lea.email, "Choose a new password")
    return link_in(message, "/reset-password/").removeprefix(world.system.url)


def _in_dashboard(world: World, booker: str, show: str = "upcoming", who: str = "mara") -> str:
    browser = getattr(world, who).open(f"/dashboard/bookings?show={show}").click(booker)
    return str(urlsplit(browser.url).path)


def _edit_address(world: World, title: str, who: str = "mara") -> str:
    browser = getattr(world, who).open("/dashboard/schedules").click(f"Edit {title}")
    return str(urlsplit(browser.url).path)


def _send_nothing(button: str) -> Act:
    """Press a button without typing anything, past the browser's own checks."""

    def act(page: Page) -> None:
        page.evaluate("document.querySelectorAll('form').forEach(f => f.noValidate = true)")
        page.get_by_role("button", name=button).click()
        page.get_by_role("alert").first.wait_for()

    return act


def _correct_badly(page: Page) -> None:
    page.get_by_label("Your name").fill("")
    page.get_by_label("Your e-mail address").fill("ana")
    page.get_by_role("button", name="Save details").click()
    page.get_by_role("alert").first.wait_for()


def _wrong_password(page: Page) -> None:
    page.get_by_label("E-mail").fill("mara@hosts.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("alert").first.wait_for()


def _ordinary_password(page: Page) -> None:
    page.get_by_label("E-mail address of your Apple Account").fill("mara@example.com")
    page.get_by_label("App-specific password").fill("not one of theirs")
    page.get_by_role("button", name="Connect iCloud").click()
    page.get_by_role("alert").first.wait_for()


def _book(page: Page) -> None:
    """Book the first time there is."""
    page.locator("a.time").first.click()
    page.get_by_label("Your name").fill("Frida Holt")
    page.get_by_label("Your e-mail address").fill("frida@bookers.example")
    page.get_by_role("button", name="Book this time").click()
    page.locator("#meeting").wait_for()


def _reconnect(page: Page) -> None:
    page.get_by_role("button", name="Reconnect Zoom").click()
    page.get_by_role("button", name="Allow").wait_for()


def _make_feed(page: Page) -> None:
    create = page.get_by_role("button", name="Create a calendar feed")
    create.or_(page.get_by_role("button", name="Get a new address")).click()
    page.get_by_role("heading", name="New address").wait_for()


def _be_away(page: Page) -> None:
    """Take time off in which there are bookings."""
    today = utcnow().date()
    page.get_by_label("First day").fill(f"{today}")
    page.get_by_label("Last day").fill(f"{today + timedelta(days=30)}")
    page.get_by_role("button", name="Save time off").click()
    page.get_by_role("button", name="Save anyway").wait_for()


def _unfold(page: Page) -> None:
    """Open all parts of the editor."""
    page.locator(".fold").evaluate_all("parts => parts.forEach(part => part.open = true)")


def _unfolded(page: Page, part: str) -> Locator:
    """A part of the editor, open."""
    found = page.locator(f"#part-{part}")
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def _send_errors(page: Page) -> None:
    """A question without words, a message to nobody, too many guests, an address without https."""
    questions = _unfolded(page, "questions")
    questions.get_by_label("Question", exact=True).first.fill("")
    questions.get_by_label("Choices").nth(2).fill("")
    messages = _unfolded(page, "messages")
    messages.get_by_label("Booker and guests").first.uncheck()
    _unfolded(page, "guests").get_by_label("Guests a booker can add").fill("99")
    _unfolded(page, "after").get_by_label("Address to continue to").fill("http://plain.example")
    _unfolded(page, "limits").get_by_label("Buffer before").fill("9999")
    changes = _unfolded(page, "changes")
    changes.get_by_role("spinbutton", name="Bookers can cancel until").fill("9999")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_role("alert").first.wait_for()


def _make_link(page: Page) -> None:
    page.get_by_role("button", name="Create link").click()
    page.get_by_role("heading", name="Your new link").wait_for()


def _make_wrong_link(page: Page) -> None:
    page.get_by_label("Expires after").fill("9999")
    page.get_by_role("button", name="Create link").click()
    page.get_by_role("alert").first.wait_for()


def _send_overlap(page: Page) -> None:
    """A schedule without a title, whose Monday has two windows that overlap."""
    hours = _unfolded(page, "hours")
    hours.get_by_label("Use", exact=True).select_option("own")
    hours.get_by_role("button", name="Add hours on Monday").click()
    hours.get_by_label("Monday from").nth(1).fill("10:00")
    hours.get_by_label("Monday to").nth(1).fill("12:00")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_role("alert").first.wait_for()
