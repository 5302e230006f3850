"""In a language that writes every message in accented letters, nothing stays plain: no page, form,
mail, calendar file, or text at a provider.
"""

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from icalendar import Calendar

from bookme.accounts import letters as account_letters
from bookme.accounts import links
from bookme.accounts.links import Purpose
from bookme.accounts.owed import Letter
from bookme.bookings.messages import letters as booking_letters
from bookme.bookings.messages.ics import calendar_file
from bookme.bookings.messages.message_state import truth
from bookme.bookings.messages.outbox import MessageKind
from bookme.connections import letters as connection_letters
from bookme.connections.calendars import letters as calendar_letters
from bookme.connections.connecting.consent import Refusal
from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.jobs.entry import request as entry_request
from bookme.jobs.meeting import request as meeting_request
from bookme.mail import message as mail
from bookme.mail.message import Words
from bookme.models import (
    Attendee,
    Booking,
    CalendarEntry,
    Connection,
    ConnectionStatus,
    Email,
    MeetingState,
    Problem,
    Trouble,
    User,
)
from bookme.web.error_pages import PAGES
from bookme.web.words import spoken_to
from tests.conftest import NOW
from tests.words import world as worlds
from tests.words.pseudo import LOCALE, install, plain, plain_in_page, translated
from tests.words.unmarked import TEMPLATES
from tests.words.walk import Walk
from tests.words.world import World

AsHost = Callable[..., FlaskClient]
#: What can be wrong with a meeting: those who make meetings lead nobody elsewhere.
TROUBLES = [trouble for trouble in Trouble if trouble is not Trouble.LED_ELSEWHERE]
PROVIDERS = ("zoom", "google", "microsoft", "icloud")


@pytest.fixture
def greek(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    install(app, monkeypatch)
    return app


@pytest.fixture
def walk(greek: Flask, monkeypatch: pytest.MonkeyPatch) -> Walk:
    return Walk(greek, monkeypatch)


@pytest.fixture
def world(greek: Flask) -> World:
    return worlds.build()


def token(user: User, purpose: Purpose) -> str:
    return links.make(user, purpose, now=NOW).rpartition("/")[2]


def visitors_pages(world: World) -> Iterator[str]:
    yield from ("/", "/help/zoom", "/help/calendars", "/privacy", "/terms", "/support")
    yield from ("/sign-in", "/sign-in?next=/account", "/sign-up", "/sign-up/check-mail")
    yield from ("/forgot-password", "/forgot-password/check-mail", "/mara", "/noor")
    yield f"/confirm-email/{token(world.jonas, Purpose.CONFIRM)}"
    yield f"/change-email/{token(world.jonas, Purpose.CHANGE_EMAIL)}"
    yield f"/reset-password/{token(world.mara, Purpose.RESET)}"
    yield from (f"/connections/{provider}/agreed" for provider in ("zoom", "google", "microsoft"))
    yield from ("/connections/zoom/install", "/noor/zoom")
    for slug, at in product(world.schedules, ("2027-03-03T09:00:00Z", "2027-03-06T09:00:00Z")):
        if slug != "noor":
            yield f"/mara/{slug}"
            yield f"/mara/{slug}/book?at={at}&zone=Europe/Lisbon"
    for zone in ("America/New_York&clock=12", "Nowhere", "Etc/GMT%2B8", "UTC", "UTC&choose=zone"):
        yield f"/mara/person?zone={zone}"
    for when in ("month=2099-01", "day=2027-03-06", "month=soon", "day=2020-01-01"):
        yield f"/mara/person?{when}"


def bookers_pages(world: World) -> Iterator[str]:
    for made in world.bookings.values():
        page = f"/booking/{made.token}"
        yield from (page, f"{page}/reschedule", f"{page}/cancel", f"{page}?done={made.revision}")
        yield f"{page}/reschedule?day=2027-03-08&zone=Asia/Kathmandu&clock=12"
        yield f"{page}/reschedule?at=2027-03-08T09:00:00Z"
        yield f"{page}/reschedule?at=2027-03-07T09:00:00Z"


def hosts_pages(world: World, host: User) -> Iterator[str]:
    yield from ("/dashboard", "/account", "/account/security", "/account/data")
    yield from (f"/dashboard/bookings?show={show}" for show in ("upcoming", "past", "cancelled"))
    yield from ("/dashboard/bookings?q=nobody", "/dashboard/schedules", "/dashboard/schedules/new")
    yield from ("/connections", "/connections/settings", "/connections/icloud/password")
    yield from (f"/connections?open={provider}" for provider in PROVIDERS)
    yield from ("/connections/zoom/install", "/")
    for made in world.connections.values():
        if made.host is host:
            yield f"/connections/{made.provider}/disconnect"
    for schedule in world.schedules.values():
        if schedule.host is host:
            page = f"/dashboard/schedules/{schedule.id}"
            yield from (page, f"{page}/delete")
    for booking in world.bookings.values():
        if booking.host is host:
            yield from dashboard_pages(booking)


def dashboard_pages(booking: Booking) -> Iterator[str]:
    page = f"/dashboard/bookings/{booking.reference}"
    yield from (page, f"{page}/reschedule", f"{page}/cancel", f"{page}/erase")
    yield f"{page}/reschedule?at=2027-03-08T09:00:00Z"
    yield f"{page}/reschedule?at=2027-03-07T09:00:00Z"


def test_no_page_has_a_plain_text(
    world: World, walk: Walk, client: FlaskClient, as_host: AsHost
) -> None:
    hosts = {host.handle: as_host(host) for host in (world.mara, world.noor, world.jonas)}
    for path in (*visitors_pages(world), *bookers_pages(world)):
        walk.see(client, path)
    for host in (world.mara, world.noor, world.jonas):
        for path in hosts_pages(world, host):
            walk.see(hosts[host.handle], path)
    visit_errors(walk, client)
    visit_refusals(walk, hosts["noor"])
    for htmx in (False, True):
        walk.send(as_host(world.jonas, htmx=htmx), "/connections/zoom/connect", 403)
    for said in ("/connections/icloud/test", "/connections/icloud/calendars"):
        walk.send(as_host(world.mara, htmx=True), said, 409)
    send_forms(world, walk, client, hosts["mara"])
    visit_troubles(world, walk, client, hosts)
    pages = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    unseen = {name for name in pages - walk.rendered if not name.startswith("email/")}
    assert unseen <= {"help/own.html"}, "no page of this walk shows these"
    walk.end()


def visit_errors(walk: Walk, client: FlaskClient) -> None:
    for path in ("/nobody", "/mara/nothing", "/booking/nobody", "/connections/skype/install"):
        walk.see(client, path, 404)
    for path in ("/confirm-email/x", "/change-email/x", "/reset-password/x"):
        walk.see(client, path, 404)
    with walk.app.test_request_context("/", headers={"Accept-Language": LOCALE}):
        for code in (*PAGES, 401):
            states = ({}, {"wait": "·"}, {"stale_form": True}, {"signed_in_as": "a@b.example"})
            for state in states:
                shown = [render_template("errors/_here.html", code=code, **state)]
                shown += [render_template(f"errors/{code}.html", **state)] if code != 401 else []
                for page in shown:
                    walk.note(f"error {code}", plain_in_page(page))


def visit_refusals(walk: Walk, browser: FlaskClient) -> None:
    """Why a consent came to nothing, from each provider."""
    for provider, refusal in product(PROVIDERS, Refusal):
        failure = {
            "provider": provider,
            "why": str(refusal),
            "missing": [],
            "account": "a@b.example",
        }
        with browser.session_transaction() as cookie:
            cookie["not_connected"] = failure
        answer = browser.get(f"/connections/{provider}/failed")
        walk.note(f"{provider}, {refusal}", plain_in_page(answer.text))


def send_forms(world: World, walk: Walk, client: FlaskClient, mara: FlaskClient) -> None:
    """Forms with nothing in them, and with nonsense."""
    reset = f"/reset-password/{token(world.mara, Purpose.RESET)}"
    for path in ("/sign-in", "/sign-up", "/forgot-password", reset, "/mara/person/book"):
        walk.send(client, path)
    for wrong in ({"email": "x", "password": "x", "name": "\x00"}, {"email": "mara@example.com"}):
        for path in ("/sign-in", "/sign-up", "/mara/call/book", "/mara/phone/book"):
            walk.send(client, path, **wrong)
    walk.send(client, "/sign-in", email="mara@example.com", password="not the password")
    person, zoom = world.bookings["person"], world.bookings["zoom"]
    walk.send(client, f"/booking/{zoom.token}/reschedule", starts_at="2027-03-07T09:00:00Z")
    walk.send(client, f"/booking/{zoom.token}/cancel", reason="x" * 9000)
    page = f"/dashboard/bookings/{person.reference}"
    walk.send(mara, f"{page}/cancel", reason="x" * 9000)
    walk.send(mara, f"{page}/reschedule", starts_at="2027-03-07T09:00:00Z")
    for path in ("/account", "/account/email", "/account/password", "/account/delete"):
        walk.send(mara, path)
        walk.send(mara, path, email="x", password="x", new_password="x", handle="Admin Admin")
    walk.send(mara, "/account", name="Μάρα", handle="admin", zone="x", locale="x", clock_hours="1")
    walk.send(mara, "/connections/icloud/password", username="https://x.example", password="x")
    walk.send(mara, "/connections/settings", default_video_provider="teams")
    new = "/dashboard/schedules/new"
    walk.send(mara, new)
    rows = {"windows-0-opens": "10:00", "windows-0-closes": "9", "windows-0-day": "0"}
    numbers = dict.fromkeys(("duration_minutes", "notice", "max_per_day"), "9999999")
    for kind in ("in_person", "phone", "video"):
        said = {"location_kind": kind, "caller": "booker", "slug": "A b", "zone": "x"}
        walk.send(mara, new, **rows, **numbers, **said)


def visit_troubles(
    world: World, walk: Walk, client: FlaskClient, hosts: dict[str, FlaskClient]
) -> None:
    """Each thing that can be wrong with a meeting, an entry, a connection, a calendar."""
    states = [(None, state) for state in MeetingState]
    states += product(TROUBLES, (MeetingState.WAITING, MeetingState.FAILED))
    for name, (trouble, state) in product(("zoom", "meet"), states):
        of = world.bookings[name]
        assert of.meeting is not None
        of.meeting.trouble, of.meeting.state, of.meeting.join_url = trouble, state, None
        of.meeting.failing_since = of.meeting.next_attempt_at = NOW
        of.entry = of.entry or CalendarEntry(provider="google")
        of.entry.trouble, of.entry.state, of.entry.failing_since = trouble, state, NOW
        db.session.commit()
        walk.see(hosts["mara"], f"/dashboard/bookings/{of.reference}")
        walk.see(client, f"/booking/{of.token}")
        walk.see(hosts["mara"], "/dashboard")
    for problem, name in product(Problem, ("noor", "google", "microsoft")):
        of = world.connections[name]
        of.problem, of.status, of.problem_at = problem, ConnectionStatus.NEEDS_RECONNECT, NOW
        db.session.commit()
        walk.see(hosts[of.host.handle or ""], f"/connections?open={of.provider}")
        walk.see(hosts[of.host.handle or ""], "/dashboard")


def readers(booking: Booking) -> Iterator[Attendee | User]:
    yield from booking.attendees
    yield booking.host


def in_mail(words: Words) -> Iterator[str]:
    for said in (words.subject, *words.text.splitlines()):
        yield from [repr(said)] if plain(said) else []
    yield from plain_in_page(words.html)


def test_no_mail_about_a_booking_has_a_plain_text(world: World, walk: Walk) -> None:
    for name, booking in world.bookings.items():
        told = truth(booking)
        troubles = (None, *TROUBLES) if name in ("waiting", "meet") else (None,)
        for kind, reader, trouble in product(MessageKind, readers(booking), troubles):
            if booking.meeting is not None and trouble is not None:
                booking.meeting.trouble = trouble
            with spoken_to(LOCALE):
                for before in (None, told):
                    said = booking_letters.context(booking, reader, before)
                    walk.note(f"mail {kind}, {name}", in_mail(mail.render(kind, said)))
    walk.end()


def test_no_mail_about_an_account_has_a_plain_text(world: World, walk: Walk) -> None:
    for host, letter in product((world.mara, world.jonas), Letter):
        host.closing_at = NOW if letter is Letter.ACCOUNT_CLOSING else None
        email = Email(kind=letter.value, user=host, facts={"to": "old@example.com", "bookings": 2})
        with spoken_to(LOCALE):
            said = account_letters.context(email, now=NOW)
            if said is not None:
                walk.note(f"mail {letter}", in_mail(mail.render(letter, said)))
    written = {name.split("/")[1] for name in walk.rendered if name.startswith("email/")}
    assert set(Letter) <= written
    walk.end()


def test_no_mail_about_a_connection_has_a_plain_text(world: World, walk: Walk) -> None:
    broken = world.connections["noor"]
    for kind, problem in product((disconnecting.LOST, disconnecting.REPLACED), Problem):
        broken.problem = problem
        connection_mail(walk, kind, broken)
    broken.status = ConnectionStatus.INACTIVE
    db.session.commit()
    connection_mail(walk, disconnecting.REMOVED, broken)
    closed = world.connections["closed"]
    for kind, trouble in product(sorted(calendar_letters.KINDS), (None, *Trouble)):
        (row,) = calendar_letters._failing(closed)
        row.trouble = trouble
        connection_mail(walk, kind, closed)
    written = {name.split("/")[1] for name in walk.rendered if name.startswith("email/")}
    kinds = {disconnecting.LOST, disconnecting.REPLACED, disconnecting.REMOVED}
    assert kinds | calendar_letters.KINDS <= written
    walk.end()


def connection_mail(walk: Walk, kind: str, of: Connection) -> None:
    facts = {"provider": of.provider, "connection_id": of.id}
    email = Email(kind=kind, user=of.host, facts=facts)
    letters = calendar_letters if kind in calendar_letters.KINDS else connection_letters
    with spoken_to(LOCALE):
        said = letters.context(email, now=NOW)
        assert said is not None
        walk.note(f"mail {kind}", in_mail(mail.render(kind, said)))


def test_no_calendar_file_has_a_plain_text(world: World, walk: Walk) -> None:
    for name, booking in world.bookings.items():
        for reader, method in product((*readers(booking), None), ("REQUEST", "CANCEL", "PUBLISH")):
            with spoken_to(LOCALE):
                file = calendar_file(booking, reader=reader, method=method, now=NOW)
            (event,) = Calendar.from_ical(file).events
            for part in ("summary", "location", "description"):
                left = [repr(s) for s in str(event.get(part, "")).splitlines() if plain(s)]
                walk.note(f"{part} of {name}", left)
    walk.end()


def test_no_text_at_a_provider_is_plain(world: World, walk: Walk) -> None:
    """Meetings and calendar events are in their host's language."""
    for name, booking in world.bookings.items():
        entry = booking.entry or CalendarEntry(provider="google", attempt=0)
        event = entry_request.wanted(booking, entry)
        said = [event.title, event.location, *event.text.splitlines()]
        if booking.meeting is not None:
            meeting = meeting_request.wanted(booking)
            said += [meeting.topic, *meeting.agenda.splitlines()]
        walk.note(f"at the provider, {name}", (repr(one) for one in said if plain(one)))
    walk.end()


def test_a_plain_text_would_be_noticed() -> None:
    assert translated("Save") == "⟦Šàṽè⟧"
    assert translated("%(n)s of <b>%(all)s</b>, 5%%") == "⟦%(n)s òƒ <b>%(all)s</b>, 5%%⟧"
    said = translated("Hello")
    for left in (
        f"<p>{said} and more</p>",
        "<p>Hello</p>",
        '<img alt="A picture">',
        '<button title="Close">×</button>',
        '<input type="submit" value="Send">',
        f"<title>{said} · Bookings</title>",
        "<label><input>Yes <b>· Ναι</b></label>",
    ):
        assert plain_in_page(left), left
    for fine in (
        f"<p>{said} · Zoom, mara@example.com, https://zoom.us/j/1, 10:30</p>",
        "<script>var words;</script><style>p{}</style><code>abc</code>",
        '<option value="Europe/Lisbon">Lisbon</option><option value="en_GB">English</option>',
        '<p class="narrow top" id="first">10</p>',
    ):
        assert not plain_in_page(fine), fine
