"""In a language that writes every message in accented letters, nothing stays plain: no page, form,
mail, calendar file, or text at a provider.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from bookme.accounts.factors.service import Change
from bookme.accounts.owed import Letter
from bookme.bookings.messages import letters as booking_letters
from bookme.bookings.messages import reminder_letters
from bookme.bookings.messages.ics import calendar_file
from bookme.bookings.messages.message_state import truth
from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.messages.timed import TimedKind, Times
from bookme.connections.calendars import letters as calendar_letters
from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.jobs.entry import request as entry_request
from bookme.jobs.meeting import request as meeting_request
from bookme.jobs.messages import contexts
from bookme.mail import message as mail
from bookme.mail.message import Words
from bookme.models import (
    Attendee,
    Booking,
    CalendarEntry,
    Connection,
    ConnectionStatus,
    Email,
    Problem,
    Role,
    Trouble,
    User,
)
from bookme.web.words import spoken_to
from tests.conftest import NOW
from tests.words import visits
from tests.words import world as worlds
from tests.words.catalogue import forms, is_bookers, messages
from tests.words.pseudo import LOCALE, install, plain, plain_in_page, translated
from tests.words.unmarked import TEMPLATES
from tests.words.walk import Walk
from tests.words.world import World

AsHost = Callable[..., FlaskClient]


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


@pytest.mark.whole  # `make check` reads the code (test_marked.py) and walks the bookers' pages
def test_no_page_has_a_plain_text(
    world: World, walk: Walk, client: FlaskClient, as_host: AsHost
) -> None:
    hosts = {host.handle: as_host(host) for host in (world.mara, world.noor, world.jonas)}
    for path in (*visits.visitors_pages(world), *visits.bookers_pages(world)):
        walk.see(client, path)
    for host in (world.mara, world.noor, world.jonas):
        for path in visits.hosts_pages(world, host):
            walk.see(hosts[host.handle], path)
    visits.errors(walk, client)
    visits.filters(walk, hosts["mara"])
    visits.refusals(walk, hosts["noor"])
    for htmx in (False, True):
        walk.send(as_host(world.jonas, htmx=htmx), "/connections/zoom/connect", 403)
    for said in ("/connections/icloud/test", "/connections/icloud/calendars"):
        walk.send(as_host(world.mara, htmx=True), said, 409)
    visits.forms(world, walk, client, hosts["mara"])
    visits.answers(world, walk, client, hosts["mara"])
    visits.troubles(world, walk, client, hosts)
    visits.previews(walk, as_host(world.mara, htmx=True), hosts["mara"])
    visits.today(world, walk, hosts["mara"])
    visits.replacing(walk, world.mara, hosts["mara"])
    visits.second_factors(walk, hosts["noor"], world.noor.email)
    visits.own_data(world, walk, client)
    visits.unwanted(world, walk, client, hosts["mara"])
    visits.operating(world, walk, hosts["jonas"])
    visits.sign_ins(world, walk, hosts["mara"], as_host(world.jonas))
    visits.paused(world, walk, client, hosts["mara"])
    pages = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    elsewhere = ("email/", "styleguide/")
    unseen = {name for name in pages - walk.rendered if not name.startswith(elsewhere)}
    assert unseen <= {"help/own.html"}, "no page of this walk shows these"
    walk.end()


def test_bookers_see_nothing_that_is_translated_for_hosts_only(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a language that only bookers are spoken to would show English to them."""
    known = {text for message in messages() if is_bookers(message) for text in forms(message)}
    install(app, monkeypatch, known)
    world, walk = worlds.build(), Walk(app, monkeypatch)
    for path in visits.bookers_pages(world):
        walk.see(client, path)
    for path in visits.visitors_pages(world):
        if path.startswith(("/mara", "/noor/zoom", "/privacy")):
            walk.see(client, path)
    visits.error_pages(walk)
    for name, booking in (world.bookings | world.held).items():
        for kind, reader in product(MessageKind, booking.attendees):
            with spoken_to(LOCALE):
                for before in (None, truth(booking)):
                    said = booking_letters.context(kind, booking, reader, before, now=NOW)
                    walk.note(f"mail {kind}, {name}", in_mail(mail.render(kind, said)))
        for kind, reader in product(TimedKind, booking.attendees):
            times = Times(NOW, booking.starts_at)
            with spoken_to(LOCALE):
                said = reminder_letters.context(kind, booking, reader, times, None, now=NOW)
                walk.note(f"mail {kind}", in_mail(mail.render(kind, said)))
    walk.end()


def readers(booking: Booking) -> Iterator[Attendee | User]:
    yield from booking.attendees
    yield booking.host


def in_mail(words: Words) -> Iterator[str]:
    for said in (words.subject, *words.text.splitlines()):
        yield from [repr(said)] if plain(said) else []
    yield from plain_in_page(words.html)


def test_no_mail_about_a_booking_has_a_plain_text(world: World, walk: Walk) -> None:
    for name, booking in (world.bookings | world.held).items():
        told = truth(booking)
        troubles = (None, *visits.TROUBLES) if name in ("waiting", "meet") else (None,)
        for kind, reader, trouble in product(MessageKind, readers(booking), troubles):
            if booking.meeting is not None and trouble is not None:
                booking.meeting.trouble = trouble
            with spoken_to(LOCALE):
                for before in (None, told):
                    said = booking_letters.context(kind, booking, reader, before, now=NOW)
                    walk.note(f"mail {kind}, {name}", in_mail(mail.render(kind, said)))
    walk.end()


def test_no_mail_at_a_time_has_a_plain_text(world: World, walk: Walk) -> None:
    booking = world.bookings["zoom"]
    guest = Attendee(name="Γιώργος", email="g@example.com", zone="UTC", role=Role.GUEST)
    booking.attendees.append(guest)
    db.session.commit()
    for kind, reader, late in product(TimedKind, readers(booking), (0, 30)):
        times = Times(NOW - timedelta(minutes=late), booking.starts_at)
        with spoken_to(LOCALE):
            said = reminder_letters.context(kind, booking, reader, times, None, now=NOW)
            walk.note(f"mail {kind}", in_mail(mail.render(kind, said)))
    walk.end()


def test_no_mail_about_an_account_has_a_plain_text(world: World, walk: Walk) -> None:
    for host, letter in product((world.mara, world.jonas), Letter):
        host.closing_at = NOW if letter is Letter.ACCOUNT_CLOSING else None
        walk.app.config["PASSWORDS"] = letter is not Letter.LINK_SIGN_IN
        facts = {"to": "old@example.com", "bookings": 2, "label": "Ψ; Ω"}
        for change in Change if letter is Letter.SECOND_FACTOR else ("",):
            more = {"change": str(change)}
            email = Email(kind=letter.value, user=host, facts=facts | more, created_at=NOW)
            with spoken_to(LOCALE):
                said = contexts.context(email, now=NOW)
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
    for kind, trouble in product(sorted(calendar_letters.BUILDERS.keys()), (None, *Trouble)):
        (row,) = calendar_letters._failing(closed)
        row.trouble = trouble
        connection_mail(walk, kind, closed)
    written = {name.split("/")[1] for name in walk.rendered if name.startswith("email/")}
    kinds = {disconnecting.LOST, disconnecting.REPLACED, disconnecting.REMOVED}
    assert kinds | calendar_letters.BUILDERS.keys() <= written
    walk.end()


def connection_mail(walk: Walk, kind: str, of: Connection) -> None:
    facts = {"provider": of.provider, "connection_id": of.id}
    email = Email(kind=kind, user=of.host, facts=facts)
    with spoken_to(LOCALE):
        said = contexts.context(email, now=NOW)
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
