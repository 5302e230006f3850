"""Every page of BookMe in each of its states: where it is, who looks, what has to be done there."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from bookme.clock import utcnow
from tests.browser import acts
from tests.browser.acts import Act
from tests.browser.world import World
from tests.patience import wait_until
from tests.people import free_times, letter, link_in
from tests.system import PASSWORD
from tests.visitor import Visitor

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
        *_operators(world),
        *_doors(world),
        *_unwanted(world),
        *_last(world),
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
        Place("sandbox-consent", "/connections", "noor", acts.reconnect),
    ]


def _public(world: World) -> list[Place]:
    intro = "/mara/intro-call"
    return [
        Place("landing", "/"),
        Place("help", "/help"),
        Place("help-found", "/help?q=zoom"),
        Place("help-found-nothing", "/help?q=zzzz"),
        Place("help-topic", "/help/hours"),
        Place("help-zoom", "/help/zoom"),
        Place("privacy", "/privacy"),
        Place("terms", "/terms"),
        Place("support", "/support"),
        Place("error-404", "/nobody-here"),
        Place("report", "/report?page=/mara/intro-call"),
        Place("report-422", "/report", act=acts.send_nothing("Send report")),
        Place("report-sent", "/report/sent"),
        Place("host-paused", "/pat"),
        Place("schedule-paused", "/pat/quick-loan"),
        Place("agreed", "/connections/zoom/agreed"),
        Place("styleguide", "/styleguide"),
        Place("host", "/mara"),
        Place("schedule", f"{intro}?zone=Europe/Berlin"),
        Place("schedule-12h", f"{intro}?zone=America/New_York&clock=12"),
        Place("schedule-choose-zone", f"{intro}?zone=Europe/Berlin&choose=zone"),
        Place("schedule-month-without-times", f"{intro}?zone=Europe/Berlin&month=2099-01"),
        Place("schedule-embedded", f"{intro}?zone=Europe/Berlin&embed=1&theme=dark"),
        Place("details", _time(world, intro)),
        Place("details-422", _time(world, intro), act=acts.send_nothing("Book this time")),
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
        Place("booked-waiting", "/lea/deep-dive?zone=Europe/Lisbon", act=acts.book),
        Place("booked-slow", urlsplit(world.waiting).path),
        Place("booked-no-link", of("Emil")),
        Place("booked-cancelled", of("Tomas")),
        Place("booked-over", of("Greta")),
        Place("move", of("Ana", "/reschedule?zone=Europe/Lisbon")),
        Place("move-confirm", target.removeprefix(world.system.url)),
        Place("cancel", of("Ana", "/cancel")),
        Place("own-data", of("Ana", "/data")),
        Place("own-data-correct", of("Ana", "/data/correct")),
        Place("own-data-wrong", of("Ana", "/data/correct"), act=acts.correct_badly),
        Place("own-data-delete", of("Ana", "/data/delete")),
        Place("own-data-erased", *_erased(world)),
        Place("booked-erased", *_erased(world, "")),
        Place("find-bookings-sent", "/booking/find/sent"),
        Place("find-bookings", "/booking/find"),
        Place("find-bookings-422", "/booking/find", act=acts.send_nothing("Send links")),
    ]


def _accounts(world: World) -> list[Place]:
    message = letter(world.system, world.jonas.email, "Confirm your e-mail")
    confirm = link_in(message, "/confirm-email/").removeprefix(world.system.url)
    return [
        Place("sign-in", "/sign-in"),
        Place("sign-in-422", "/sign-in", act=acts.wrong_password),
        Place("sign-up", "/sign-up"),
        Place("sign-up-422", "/sign-up", act=acts.send_nothing("Sign up")),
        Place("sign-up-done", "/sign-up/check-mail"),
        Place("confirm-email", confirm),
        Place("bad-link", "/confirm-email/not-a-link"),
        Place("forgot-password", "/forgot-password"),
        Place("forgot-password-done", "/forgot-password/check-mail"),
        Place("change-email", _change_email(world)),
        Place("reset-password", _reset(world)),
        Place("account", "/account", "mara"),
        Place("face", "/account/page", "mara"),
        Place("security", "/account/security", "mara"),
        Place(
            "security-422", "/account/security", "mara", acts.send_nothing("Change the password")
        ),
        Place("second-factor", "/account/second-factor", "mara"),
        Place("set-up-app", "/account/second-factor", "ines", acts.begin_app),
        Place("new-passkey", "/account/second-factor/passkeys/new", "ines", acts.confirm_it_is_me),
        Place("confirm-identity", "/account/confirm-identity", "mara"),
        Place(
            "confirm-identity-422",
            "/account/confirm-identity",
            "mara",
            acts.send_nothing("Continue"),
        ),
        Place("sessions", "/account/sessions", "mara"),
        Place("data", "/account/data", "mara"),
    ]


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
        Place("embed-422", "/dashboard/embed?way=floating", "mara", act=acts.list_no_site),
        Place("feed-made", "/dashboard/feed", "lea", acts.make_feed),
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
        Place("book-whom-422", *_whom(schedule, acts.send_nothing("Book this time"))),
        Place("booking-no-show", _in_dashboard(world, "Greta Holm", "past"), "mara"),
        Place("booking-erase", f"{booking}/erase", "mara"),
        Place("hours", "/dashboard/hours", "mara"),
        Place("hours-set", "/dashboard/hours/sets/new", "mara"),
        *(Place(name, path, "mara") for name, path in _hours_of(world).items()),
        Place("help-inside", "/help", "mara"),
        Place("time-off", "/dashboard/hours/off/new", "mara"),
        Place("time-off-asks", "/dashboard/hours/off/new", "mara", acts.be_away),
        Place(
            "time-off-422", "/dashboard/hours/off/new", "mara", acts.send_nothing("Save time off")
        ),
        Place("schedules", "/dashboard/schedules", "mara"),
        Place("schedules-none", "/dashboard/schedules", "jonas"),
        Place("schedule-new", "/dashboard/schedules/new", "mara"),
        Place("schedule-edit", schedule, "mara"),
        Place("schedule-edit-basic", _edit_address(world, "Deep dive", "lea"), "lea"),
        Place("schedule-422", "/dashboard/schedules/new", "mara", acts.send_overlap),
        Place("times", f"{schedule}/times", "mara"),
        Place("times-422", f"{schedule}/times", "mara", acts.send_nothing("Show the text")),
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
        Place("calendars-password-422", password, "mara", acts.ordinary_password),
        Place("settings-meet", "/connections/settings", "ines"),
    ]


def _studio_outside(world: World) -> list[Place]:
    at, review = world.studio.at, _time(world, "/vera/design-review")
    return [
        Place("studio", "/vera"),
        Place("schedule-lengths", "/vera/design-review?zone=Europe/Lisbon"),
        Place("details-questions", review),
        Place("details-questions-422", review, act=acts.send_nothing("Book this time")),
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
        Place("schedule-edit-open", edit, "vera", acts.unfold),
        Place("schedule-edit-422", edit, "vera", acts.send_errors),
        Place("links", links, "vera"),
        Place("links-new", links, "vera", acts.make_link),
        Place("links-422", links, "vera", acts.make_wrong_link),
        Place("book-lengths", edit.replace("schedules", "book"), "vera"),
    ]


def _operators(world: World) -> list[Place]:
    state = world.olga.open("/operator")
    report = urlsplit(state.links("#reports .list a")[0]).path
    pause = "/operator/hosts/{}/pause"
    mara, pat = (_host_id(world, host.email) for host in (world.mara, world.pat))
    return [
        Place("operator", "/operator", "olga"),
        Place("operator-report", report, "olga", acts.confirm_it_is_me),
        Place("operator-pause", pause.format(mara), "olga", acts.confirm_it_is_me),
        Place("operator-paused", pause.format(pat), "olga", acts.confirm_it_is_me),
        Place("today-paused", "/dashboard", "pat"),
    ]


def _doors(world: World) -> list[Place]:
    """Other ways in: with an invitation, and by an account that somebody has elsewhere."""
    door = world.by_invitation
    invited = Visitor(door)
    for name, value in world.vera.browser.cookies.items():
        invited.take_cookie(name, value)
    invited.open("/account/invitations").press("Create an invitation")
    invitation = str(invited.page.select("input[readonly]")[0]["value"])
    return [
        Place("invitations", f"{door}/account/invitations", "lea"),
        Place("invitations-made", f"{door}/account/invitations", "mara", acts.invite),
        Place("invitation", invitation),
        Place("invitation-bad", f"{door}/sign-up/invitation/nothing"),
        Place("not-admitted", f"{door}/sign-up/not-possible"),
        Place("sign-in-elsewhere", f"{door}/sign-in"),
        Place("security-elsewhere", f"{door}/account/security", "mara"),
        Place("link-provider", "/sign-in", act=acts.come_from_elsewhere),
    ]


def _unwanted(world: World) -> list[Place]:
    page = "/dashboard/unwanted"
    booking = _in_dashboard(world, "Ana Costa")
    return [
        Place("unwanted", page, "mara"),
        Place("unwanted-blocked", page, "vera", acts.block),
        Place("unwanted-422", page, "mara", acts.send_nothing("Block")),
        Place("booking-block", f"{page}{booking.removeprefix('/dashboard')}/block", "mara"),
        Place("wave", page, "mara", acts.find),
        Place("wave-none", f"{page}/wave?hours=1&sender=nobody.example", "mara"),
    ]


def _last(world: World) -> list[Place]:
    """What is done here shows on pages that come before."""
    kwame = urlsplit(world.bookings["Kwame"]).path
    own = kwame + "/data"
    return [
        Place("own-data-unconfirmed", f"{own}/correct", act=acts.correct_address),
        Place("new-address", _new_address(world, "Yuki")),
        Place("connections-replace", "/connections?open=zoom", "mara", acts.be_another),
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


def _host_id(world: World, email: str) -> int:
    path = world.system.folder / "state" / "bookme.sqlite"
    with closing(sqlite3.connect(path, timeout=30)) as db:
        [(found,)] = db.execute('SELECT id FROM "user" WHERE email = ?', (email,))
    return int(found)


def _hours_of(world: World) -> dict[str, str]:
    """Pages of Mara's set of hours, and of her time off."""
    hours = world.mara.open("/dashboard/hours")
    kept = [urlsplit(one).path for one in hours.links("main a") if one[-1].isdigit()]
    [hours_set, *_] = [one for one in kept if "/sets/" in one]
    [off, *_] = [one for one in kept if "/off/" in one]
    return {
        "hours-set-edit": hours_set,
        "hours-set-delete": f"{hours_set}/delete",
        "time-off-edit": off,
    }


def _change_email(world: World) -> str:
    """The page behind the link in the message to a host's new address."""
    email = "lea@new.example"
    world.lea.open("/account/security")
    world.lea.browser.press("Change the address", new_email=email, password=PASSWORD)
    message = letter(world.system, email, "Confirm your new")
    return link_in(message, "/change-email/").removeprefix(world.system.url)


def _new_address(world: World, booker: str) -> str:
    """The page behind the link in the message to a booker's new address."""
    email = f"{booker.lower()}@new.example"
    page = world.bookings[booker] + "/data/correct"
    Visitor(page).open(page).press("Save details", email=email)
    message = letter(world.system, email, "Confirm your new")
    return link_in(message, "/booking/address/").removeprefix(world.system.url)


def _erased(world: World, page: str = "/data") -> tuple[str]:
    """A booking whose booker has had their data deleted."""
    path = urlsplit(world.bookings["Nils"]).path
    booker = Visitor(world.system.url).open(f"{path}/data/delete")
    if booker.page.select("form.danger button"):
        booker.press("Cancel booking and delete data")
    told = "Your data is deleted."
    wait_until(lambda: told in booker.open(f"{path}/data").text, "the data is deleted")
    return (path + page,)
