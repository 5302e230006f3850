"""Where the walk in the pseudo-language goes: every page, in the states that it tells of."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import render_template
from flask.testing import FlaskClient

from bookme.accounts import invitations, links
from bookme.accounts.links import Purpose
from bookme.accounts.oidc import identities, pending_links
from bookme.accounts.oidc.discovery import Metadata
from bookme.accounts.oidc.id_token import Claims
from bookme.bookings import email_proof, guests, new_address, own
from bookme.bookings.answering import release
from bookme.bookings.dashboard.filters import State
from bookme.bookings.email_proof import Right
from bookme.bookings.messages import stopping
from bookme.connections.connecting import held
from bookme.connections.connecting.refusal import Refusal
from bookme.connections.grants import alarms
from bookme.connections.grants.identity import Identity
from bookme.extensions import db
from bookme.help.topics import TOPICS
from bookme.models import (
    Alarm,
    Attendee,
    Booking,
    BookingLink,
    CalendarEntry,
    ConnectionStatus,
    Flood,
    MeetingState,
    OpeningHours,
    Problem,
    RecoveryCode,
    ReportKind,
    Session,
    TimeOff,
    Trouble,
    User,
)
from bookme.operating import operators
from bookme.providers.http.grant import Grant
from bookme.report import service as reports
from bookme.sign_in_settings import OpenIdProvider, SignUp
from bookme.web.error_pages import PAGES
from tests import factories
from tests.accounts import factor_steps
from tests.conftest import NOW
from tests.words.pseudo import LOCALE, plain_in_page
from tests.words.walk import Walk
from tests.words.world import World

#: What can be wrong with a meeting: those who make meetings lead nobody elsewhere.
TROUBLES = [trouble for trouble in Trouble if trouble is not Trouble.LED_ELSEWHERE]
PROVIDERS = ("zoom", "google", "microsoft", "icloud")


def token(user: User, purpose: Purpose) -> str:
    return links.make(user, purpose, now=NOW).rpartition("/")[2]


def visitors_pages(world: World) -> Iterator[str]:
    yield from ("/", "/help", "/help?q=àñđ", "/help?q=ψ", "/privacy", "/terms", "/support")
    yield from (f"/help/{name}" for name in TOPICS)
    yield from ("/sign-in", "/sign-in?next=/account", "/sign-up", "/sign-up/check-mail")
    yield from ("/forgot-password", "/forgot-password/check-mail", "/mara", "/noor")
    yield f"/confirm-email/{token(world.jonas, Purpose.CONFIRM)}"
    yield f"/change-email/{token(world.jonas, Purpose.CHANGE_EMAIL)}"
    yield f"/reset-password/{token(world.mara, Purpose.RESET)}"
    yield from (f"/connections/{provider}/agreed" for provider in ("zoom", "google", "microsoft"))
    yield from ("/connections/zoom/install", "/noor/zoom")
    for slug, at in product(world.schedules, ("2027-03-03T09:00:00Z", "2027-03-06T09:00:00Z")):
        if slug not in ("noor", "link"):
            yield f"/mara/{slug}"
            yield f"/mara/{slug}/book?at={at}&zone=Europe/Lisbon"
    for zone in ("America/New_York&clock=12", "Nowhere", "Etc/GMT%2B8", "UTC", "UTC&choose=zone"):
        yield f"/mara/person?zone={zone}"
    for when in ("month=2099-01", "day=2027-03-06", "month=soon", "day=2020-01-01"):
        yield f"/mara/person?{when}"


def answers(world: World, walk: Walk, client: FlaskClient, mara: FlaskClient) -> None:
    """What waits for an answer, the answers, and links that admit one booking."""
    for one in world.held.values():
        walk.see(client, f"/booking/held/{proof(one, Right.LOOK)}")
        walk.see(client, f"/booking/confirm/{proof(one, Right.CONFIRM)}")
    walk.see(client, f"/booking/held/{proof(world.bookings['person'], Right.LOOK)}")
    at = "at=2027-03-03T09:00:00Z"
    walk.see(client, "/mara/link?link=open")
    walk.see(client, f"/mara/link/book?link=open&{at}")
    walk.see(client, "/mara/link", 404)
    for state in ("used", "held", "expired", "revoked"):
        walk.see(client, f"/mara/link?link={state}", 410)
    for booking in world.bookings.values():
        if booking.host is world.mara:
            page = f"/dashboard/bookings/{booking.reference}"
            walk.see(mara, f"{page}/accept")
            walk.see(mara, f"{page}/decline")
    asked, declined = (world.bookings[name].reference for name in ("pending", "declined"))
    walk.send(mara, f"/dashboard/bookings/{asked}/decline", reason="ψ" * 9000)
    walk.send(mara, f"/dashboard/bookings/{declined}/accept", 409)
    links = f"/dashboard/schedules/{world.schedules['link'].id}/links"
    walk.see(mara, links)
    walk.send(mara, links, days="9999")
    assert mara.post(links).status_code == 303
    walk.see(mara, links)
    walk.see(mara, f"{links}?before=1")
    for slug in ("link", "person"):
        times = f"/dashboard/schedules/{world.schedules[slug].id}/times"
        walk.see(mara, f"{times}?since=2027-03-08&at=2027-03-02T09:00:00Z")
        walk.see(mara, f"{times}?since=2199-01-01")
        walk.send(mara, times, language=LOCALE)
        walk.send(mara, times, at="2027-03-07T09:00:00Z", language=LOCALE)
        walk.send(mara, times, at=["2027-03-02T09:00:00Z"] * 40, language=LOCALE)
    walk.see(mara, f"{times}/mail?at=2027-03-02T09:00:00Z&zone=Asia/Tehran&language={LOCALE}")
    used = db.session.query(BookingLink).filter_by(uses_left=0).order_by("id").first()
    assert used is not None
    walk.send(mara, f"{links}/{used.id}/revoke", 409)
    walk.see(mara, "/dashboard")  # which says what was done
    for one in list(world.held.values()):
        token = proof(one, Right.CONFIRM)
        release(one)
        db.session.commit()
        walk.see(client, f"/booking/confirm/{token}", 410)


def proof(booking: Booking, right: Right) -> str:
    return email_proof.token(booking, right)


def bookers_pages(world: World) -> Iterator[str]:
    for made in world.bookings.values():
        page = f"/booking/{made.token}"
        yield f"{page}?embed=1&theme=dark"
        yield from (page, f"{page}/reschedule", f"{page}/cancel", f"{page}?done={made.revision}")
        yield from (f"{page}/data", f"{page}/data/correct", f"{page}/data/delete")
        yield f"{page}/reschedule?day=2027-03-08&zone=Asia/Tehran&clock=12"
        yield f"{page}/reschedule?at=2027-03-08T09:00:00Z"
        yield f"{page}/reschedule?at=2027-03-07T09:00:00Z"
        yield from (urlsplit(guests.link(guest)).path for guest in made.guests)
        yield from map(reminders_page, made.attendees)
    left: Any = SimpleNamespace(id=10**6, booking=world.bookings["person"])
    yield urlsplit(guests.link(left)).path
    yield from ("/booking/find", "/booking/find/sent")


def own_data(world: World, walk: Walk, client: FlaskClient) -> None:
    """What bookers do with their data, and what is wrong with it."""
    made = world.bookings["person"]
    page, booker = f"/booking/{made.token}/data", made.booker
    assert booker is not None
    walk.send(client, f"{page}/correct", name="", email="x", notes="ψ" * 9000)
    walk.send(client, f"{page}/correct", email=made.guests[0].email)
    walk.send(client, "/booking/find", email="x")
    own.ask_for_email(made, "new@example.com")
    db.session.commit()
    path = urlsplit(new_address.link(made, "new@example.com")).path
    walk.see(client, path)
    walk.see(client, page)
    assert client.post(path).status_code == 303
    walk.see(client, path)
    walk.see(client, f"{page}?done={made.revision}")
    made.erase_by = NOW
    db.session.commit()
    walk.see(client, page)
    made.erase_by = None
    db.session.commit()


def reminders_page(reader: Attendee) -> str:
    return urlsplit(stopping.link(reader)).path


def unwanted(world: World, walk: Walk, client: FlaskClient, mara: FlaskClient) -> None:
    """What hosts and strangers do about bookings and pages that nobody wants."""
    home, booked = "/dashboard/unwanted", world.bookings["person"].reference
    walk.see(mara, home)
    walk.send(mara, f"{home}/block", kind="domain", what="x")
    walk.see(mara, f"{home}/bookings/{booked}/block")
    walk.see(mara, f"{home}/wave?hours=168")
    for path in ("/report", "/report/sent"):
        walk.see(client, path)
    walk.send(client, "/report", page="x")


def paused(world: World, walk: Walk, client: FlaskClient, mara: FlaskClient) -> None:
    """A host whose pages the operator has taken down."""
    world.mara.paused_at = NOW
    db.session.commit()
    walk.see(client, "/mara", 404)
    walk.see(mara, "/dashboard")


def operating(world: World, walk: Walk, browser: FlaskClient) -> None:
    """The operator's page on a bad day and on a good one, a report, and pausing."""
    operators.add(world.jonas, now=NOW)
    report, _ = reports.add(
        "/mara/zoom", ReportKind.SPAM, words="Παράξενο.", email="bo@example.com", now=NOW
    )
    elsewhere, _ = reports.add("/x", ReportKind.OTHER, words="", email="", now=NOW)
    db.session.add(Flood(host_id=world.mara.id, began_at=NOW, last_at=NOW))
    db.session.add(Alarm(kind=alarms.client_refused("zoom"), first_at=NOW, last_at=NOW))
    for kind in alarms.WORDS:
        db.session.add(Alarm(kind=kind, first_at=NOW, last_at=NOW))
    db.session.commit()
    walk.see(browser, "/operator")
    db.session.rollback()  # else it holds on to the rows of before the look whether writing works
    browser.post("/account/confirm-identity", data={"password": factories.PASSWORD})
    for one in (report, elsewhere):
        walk.see(browser, f"/operator/reports/{one.id}")
    pause = f"/operator/hosts/{world.mara.id}/pause"
    walk.see(browser, pause)
    browser.post(pause)
    walk.see(browser, "/operator")
    db.session.rollback()
    walk.see(browser, f"/operator/reports/{report.id}")
    browser.post(f"/operator/hosts/{world.mara.id}/resume")
    for one in (report, elsewhere):
        browser.post(f"/operator/reports/{one.id}/close")
    db.session.execute(sa.delete(Flood))
    db.session.commit()
    walk.see(browser, "/operator")


def second_factors(walk: Walk, browser: FlaskClient, email: str) -> None:
    """An app and a passkey are added, shown and used, with all that can be wrong."""
    confirm, home = "/account/confirm-identity", factor_steps.HOME
    walk.see(browser, f"{confirm}?next={home}")
    walk.send(browser, confirm, password="x")
    browser.post(confirm, data={"password": factories.PASSWORD})
    secret = factor_steps.begin_app(browser)
    walk.see(browser, f"{home}/app")
    walk.send(browser, f"{home}/app", code="x")
    browser.post(f"{home}/app", data={"code": factor_steps.code(secret)})
    walk.see(browser, f"{home}/codes")
    walk.see(browser, f"{home}/passkeys/new")
    walk.send(browser, f"{home}/passkeys/new", name="x" * 90)
    walk.send(browser, f"{home}/passkeys/new", passkey="x")
    factor_steps.add_passkey(browser, "Ψ")
    walk.see(browser, home)
    db.session.execute(sa.delete(RecoveryCode))
    db.session.execute(sa.update(Session).values(proven_at=None))
    db.session.commit()
    for path in (home, "/account/security", "/account/data", confirm):
        walk.see(browser, path)
    for code in ("", "000000", "x"):
        walk.send(browser, "/account/email", new_email="a@b.example", code=code)
    walk.send(browser, confirm, passkey="x")
    browser.post("/sign-out")
    browser.post("/sign-in/passkey", data={"passkey": "x"})
    walk.see(browser, "/sign-in")
    browser.post("/sign-in", data={"email": email, "password": factories.PASSWORD})
    walk.see(browser, "/sign-in/second-step")
    for code in ("", *["000000"] * 6):
        walk.send(browser, "/sign-in/second-step", code=code)


def sign_ins(world: World, walk: Walk, mara: FlaskClient, jonas: FlaskClient) -> None:
    """Signing in elsewhere, with passwords and without, and who may sign up."""
    config, client, host = walk.app.config, walk.app.test_client(), world.mara
    site = "https://id.example.com"
    provider = OpenIdProvider("psi", "Ψ", site, "x", "y")
    said = Metadata(site, f"{site}/a", f"{site}/t", f"{site}/k", None, False, ("ES256",))
    walk.app.extensions["oidc"] = {(provider, Metadata): (said, NOW)}
    config.update(OIDC_PROVIDERS=(provider,), PASSWORDS=False)
    claims = Claims(site, "s", "", True, "", None)
    db.session.execute(sa.update(Session).values(proven_at=None))
    host.new_email = "a@b.example"
    token = pending_links.begin(host, claims, "psi", now=NOW)
    db.session.commit()
    for browser in (client, mara, jonas):
        with browser.session_transaction() as cookie:
            cookie["link"] = token
    by_mail, confirm, change = (
        links.make(whose, purpose, now=NOW).removeprefix("http://localhost")
        for whose, purpose in (
            (host, Purpose.LINK),
            (world.jonas, Purpose.CONFIRM),
            (host, Purpose.CHANGE_EMAIL),
        )
    )
    for path in ("/sign-in", "/sign-up", "/sign-in/link", by_mail, confirm, change, "/support"):
        walk.see(client, path)
    walk.see(walk.app.test_client(), by_mail, 403)
    walk.send(client, "/sign-in", 403)
    walk.send(client, "/sign-up", 403)
    walk.send(mara, "/account/email", new_email="b@b.example")
    for path in ("/account/security", "/account/confirm-identity"):
        walk.see(mara, path)
    identities.add(host, claims, "psi", now=NOW).last_used_at = NOW
    gone = Claims("https://gone.example.com", "s", "", True, "", None)
    identities.add(host, gone, "Ω", now=NOW)
    db.session.commit()
    walk.see(mara, "/account/confirm-identity")
    config["PASSWORDS"] = True
    for browser in (client, mara, jonas):
        walk.see(browser, "/sign-in/link")
    for path in ("/account/security", "/help/account", "/privacy"):
        walk.see(mara, path)
    walk.send(client, "/sign-in/with/psi", 200)
    client.get("/sign-in/with/psi/callback")
    walk.see(client, "/sign-in")
    _who_signs_up(walk, client, mara)


def _who_signs_up(walk: Walk, client: FlaskClient, mara: FlaskClient) -> None:
    config = walk.app.config
    config["SIGN_UP"] = SignUp.INVITED
    for path, status in (("/sign-up", 403), ("/sign-up/invitation/x", 404), ("/", 200)):
        walk.see(client, path, status)
    walk.see(mara, "/account/invitations")
    for _ in range(invitations.MOST):
        mara.post("/account/invitations")
    walk.send(mara, "/account/invitations")
    config.update(SIGN_UP=SignUp.DOMAINS, SIGN_UP_DOMAINS=("ψ.gr", "ω.gr"))
    walk.see(client, "/sign-up/not-possible", 403)
    walk.see(client, "/sign-up")
    walk.send(client, "/sign-up", email="a@b.example")
    config.update(SIGN_UP=SignUp.OPEN, SIGN_UP_DOMAINS=(), OIDC_PROVIDERS=())


def hosts_pages(world: World, host: User) -> Iterator[str]:
    yield from ("/dashboard", "/dashboard/book", "/account", "/account/security", "/account/data")
    yield from ("/account/page", "/account/sessions", "/account/second-factor")
    yield from (f"/dashboard/bookings?show={show}" for show in State)
    yield from ("/dashboard/bookings?show=no-show&q=κανείς&since=2027-03-01&until=2027-03-02",)
    yield from ("/dashboard/bookings?after=2020-01-01T00:00:00Z~1&show=all", "/dashboard/feed")
    yield from ("/dashboard/schedules", "/dashboard/schedules/new", "/dashboard/numbers")
    yield "/dashboard/schedules/free"
    yield "/dashboard/numbers?range=dates&since=2027-02-01&until=2027-03-31"
    yield from (f"/dashboard/set-up/{step}" for step in ("address", "hours", "connections", "link"))
    yield from ("/dashboard/hours", "/dashboard/hours/sets/new", "/dashboard/hours/off/new")
    for hours in host_rows(OpeningHours, host):
        yield from (f"/dashboard/hours/sets/{hours.id}", f"/dashboard/hours/sets/{hours.id}/delete")
    yield from (f"/dashboard/hours/off/{off.id}" for off in host_rows(TimeOff, host))
    yield from (f"/dashboard/embed?way={way}" for way in ("inline", "floating"))
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
            book = f"/dashboard/book/{schedule.id}"
            yield from (book, f"{book}?month=2029-01", f"{book}?on=x&at=x")
            yield f"{book}/for?at=2027-03-08T09:00:00Z"
    for booking in world.bookings.values():
        if booking.host is host:
            yield from dashboard_pages(booking)


def host_rows(model: Any, host: User) -> list[Any]:
    return list(db.session.scalars(db.select(model).where(model.host_id == host.id)))


def dashboard_pages(booking: Booking) -> Iterator[str]:
    page = f"/dashboard/bookings/{booking.reference}"
    yield from (page, f"{page}/reschedule", f"{page}/cancel", f"{page}/ask", f"{page}/erase")
    yield f"{page}/reschedule?at=2027-03-08T09:00:00Z"
    yield f"{page}/reschedule?at=2027-03-07T09:00:00Z"


def filters(walk: Walk, browser: FlaskClient) -> None:
    """Filters that are wrong, and the feed once it is on."""
    for wrong in ("since=x&show=x&sort=x", "since=2027-03-02&until=2027-03-01", f"q={'ψ' * 200}"):
        walk.see(browser, f"/dashboard/bookings?{wrong}", 422)
    for wrong in (
        "range=x",
        "range=dates",
        "range=dates&since=2027-03-02&until=2027-03-01",
        "range=dates&since=2027-03-02",
        "range=dates&since=2020-03-02&until=2027-03-01",
    ):
        walk.see(browser, f"/dashboard/numbers?{wrong}", 422)
    for _twice in range(2):
        browser.post("/dashboard/feed")
        walk.see(browser, "/dashboard/feed")
    browser.post("/dashboard/feed/off")
    walk.see(browser, "/dashboard/feed")


def errors(walk: Walk, client: FlaskClient) -> None:
    for path in ("/nobody", "/mara/nothing", "/booking/nobody", "/connections/skype/install"):
        walk.see(client, path, 404)
    for path in ("/confirm-email/x", "/change-email/x", "/reset-password/x"):
        walk.see(client, path, 404)
    error_pages(walk)


def error_pages(walk: Walk) -> None:
    with walk.app.test_request_context("/", headers={"Accept-Language": LOCALE}):
        for code in (*PAGES, 401):
            states = ({}, {"wait": "·"}, {"stale_form": True}, {"signed_in_as": "a@b.example"})
            for state in states:
                shown = [render_template("errors/_here.html", code=code, **state)]
                shown += [render_template(f"errors/{code}.html", **state)] if code != 401 else []
                for page in shown:
                    walk.note(f"error {code}", plain_in_page(page))


def refusals(walk: Walk, browser: FlaskClient) -> None:
    """Why a consent came to nothing, from each provider."""
    shown = [one for one in Refusal if one is not Refusal.OTHER_ACCOUNT]  # which is a question
    for provider, refusal in product(PROVIDERS, shown):
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


def previews(walk: Walk, htmx: FlaskClient, browser: FlaskClient) -> None:
    """A schedule's days ahead, while it is typed."""
    for client in (htmx, browser):
        walk.send(client, "/dashboard/schedules/new/preview", 200, title="ψ")
        walk.see(client, "/dashboard/schedules/free")


def today(world: World, walk: Walk, browser: FlaskClient) -> None:
    """A day with a booking on it, and a schedule that was just saved."""
    schedule = world.schedules["person"]
    made = factories.booking(schedule=schedule, starts_at=NOW + timedelta(hours=3), title="ψ")
    made.booker.name = "ψ"
    db.session.commit()
    walk.see(browser, "/dashboard")
    walk.see(browser, f"/dashboard/schedules?saved={schedule.id}")


def replacing(walk: Walk, host: User, browser: FlaskClient) -> None:
    """The question that follows when another account has come back."""
    session = db.session.query(Session).filter_by(user_id=host.id).order_by(Session.id).first()
    assert session is not None
    of: Any = SimpleNamespace(host_id=host.id, session_id=session.id, provider="zoom")
    grant = Grant("access", "refresh", 3600, frozenset())
    held.keep(of, grant, Identity("other", "", "b@c.example", ""), now=NOW)
    walk.see(browser, "/connections/zoom/replace")


def forms(world: World, walk: Walk, client: FlaskClient, mara: FlaskClient) -> None:
    """Forms with nothing in them, and with nonsense."""
    reset = f"/reset-password/{token(world.mara, Purpose.RESET)}"
    for path in ("/sign-in", "/sign-up", "/forgot-password", reset, "/mara/person/book"):
        walk.send(client, path)
    for wrong in ({"email": "x", "password": "x", "name": "\x00"}, {"email": "mara@example.com"}):
        for path in ("/sign-in", "/sign-up", "/mara/call/book", "/mara/phone/book"):
            walk.send(client, path, **wrong)
    asked = {f"answer_q{number}": "ψ" * 3_000 for number in range(10)}
    walk.send(client, "/mara/person/book", guests="ψ", answer_q11="ψ", **asked)
    walk.send(client, "/mara/person/book", guests="a@b.example\n" * 30, answer_q2=["ναι", "όχι"])
    walk.send(client, "/sign-in", email="mara@example.com", password="not the password")
    person, zoom = world.bookings["person"], world.bookings["zoom"]
    walk.send(client, f"/booking/{zoom.token}/reschedule", starts_at="2027-03-07T09:00:00Z")
    walk.send(client, f"/booking/{zoom.token}/cancel", reason="ψ" * 9000)
    page = f"/dashboard/bookings/{person.reference}"
    walk.send(mara, f"{page}/cancel", reason="ψ" * 9000)
    walk.send(mara, f"{page}/reschedule", starts_at="2027-03-07T09:00:00Z")
    walk.send(mara, f"{page}/ask", words="ψ" * 9000, then="?")
    walk.send(mara, f"{page}/notes", notes="ψ" * 9000)
    walk.see(mara, "/dashboard/embed?schedule=person&theme=dark&way=button")
    walk.see(mara, "/dashboard/embed?schedule=no&theme=x", 422)
    for wrong_sites in ("http://a.example", "ψ", "https://a.example\n" * 30):
        walk.send(mara, "/dashboard/embed", sites=wrong_sites)
    book = f"/dashboard/book/{person.schedule_id}/for"
    walk.send(mara, book, name="", email="x", starts_at="2027-03-07T09:00:00Z")
    walk.send(mara, book, name="Ψ", email="a@b.example", starts_at="2027-03-07T09:00:00Z")
    for path in ("/account", "/account/email", "/account/password", "/account/delete"):
        walk.send(mara, path)
        walk.send(mara, path, email="x", password="x", new_password="x", handle="Admin Admin")
    walk.send(mara, "/account/page", colour="own", own="x", headline="x" * 200)
    walk.send(mara, "/account", name="Μάρα", handle="admin", zone="x", locale="x", clock_hours="1")
    walk.send(mara, "/connections/icloud/password", username="https://x.example", password="x")
    walk.send(mara, "/connections/settings", default_video_provider="teams")
    walk.send(mara, "/connections/settings/alarm", alarm_minutes="x")
    new = "/dashboard/schedules/new"
    walk.send(mara, new)
    rows = {"windows-0-opens": "10:00", "windows-0-closes": "9", "windows-0-day": "0"}
    kinds = ("text", "one", "several", "text")
    asked = {f"questions-{nth}-kind": kind for nth, kind in enumerate(kinds)}
    labels = {f"questions-{nth}-label": "Ερώτηση" for nth in range(1, 40)}
    choices = {f"questions-{nth}-choices": "ν\n" * 60 for nth in (2, 3)}
    rows |= {**asked, **labels, **choices, "redirect_url": "http://x.example"}
    rows |= {f"messages-{n}-number": number for n, number in enumerate(("x", "0", "9", "9", "99"))}
    rows |= {f"messages-{n}-unit": "days" for n in range(6)}
    rows |= {f"messages-{n}-timing": "before_start" for n in range(6)}
    rows |= {f"messages-{n}-to_host": "y" for n in range(2, 5)}
    walk.send(mara, new, 200, add="message", **rows)
    walk.send(mara, new, 200, less="messages-0")
    numbers = dict.fromkeys(("duration_minutes", "notice", "max_per_day"), "9999999")
    for kind in ("in_person", "phone", "video"):
        said = {"location_kind": kind, "caller": "booker", "slug": "A b", "zone": "x"}
        walk.send(mara, new, **rows, **numbers, **said)
    hours_forms(world, walk, client, mara)
    for path in ("address", "hours", "link"):
        walk.send(mara, f"/dashboard/set-up/{path}", handle="A B", zone="x", **rows)


def hours_forms(world: World, walk: Walk, client: FlaskClient, mara: FlaskClient) -> None:
    """Sets of hours, time off and limits, and what a booker is told of lengths and caps."""
    new, off = "/dashboard/schedules/new", "/dashboard/hours/off/new"
    dates = {"horizon": "dates", "dates_from": "2027-01-02", "dates_until": "2027-01-01"}
    walk.send(mara, new, other_lengths="4 x", use_hours="99", **dates)
    walk.send(mara, new, other_lengths="5 6 7 8 9 10", horizon="dates")
    times = {"windows-0-weekday": "0", "windows-0-opens": "09:00", "windows-0-closes": "10:00"}
    sound = {"zone": "UTC", **times, "location_kind": "phone", "caller": "host", "title": "Ω"}
    numbers = dict.fromkeys(("step_minutes", "notice", "horizon_days"), "30")
    numbers |= dict.fromkeys(("buffer_before_minutes", "buffer_after_minutes"), "0")
    over = dates | {"dates_from": "2027-01-01", "notice_unit": "hours", "use_hours": "own"}
    options = dict.fromkeys(("video_provider", "waiting_room", "join_before_host", "passcode"), "")
    late = over | {"dates_until": "2099-01-01"}
    for said in (over, late):
        walk.send(mara, new, duration_minutes="90", **sound, **numbers, **options, **said)
    (used, *_) = host_rows(OpeningHours, world.mara)
    short = sound | {"title": "", "name": "Ω", "windows-0-closes": "09:45"}
    walk.send(mara, "/dashboard/hours/sets/new")
    walk.send(mara, "/dashboard/hours/sets/new", **short, open=[])
    walk.send(mara, f"/dashboard/hours/sets/{used.id}", **short)
    walk.send(mara, "/dashboard/hours/limits", max_per_day="x")
    for first, last in (("x", ""), ("2027-03-02", "2027-03-01"), ("2027-01-01", "")):
        walk.send(mara, off, first=first, last=last)
    walk.send(mara, off, first="2027-03-02", last="2099-03-01")
    walk.send(mara, off, first="2027-03-02", opens="12:00", closes="11:00")
    walk.send(mara, off, 200, first="2027-03-02", last="2027-04-01")
    walk.see(client, "/mara/zoom?minutes=60")
    walk.see(client, "/mara/zoom?minutes=7")
    booker = {"name": "Ω", "zone": "UTC", "starts_at": "2027-03-05T11:00:00Z"}
    walk.send(client, "/mara/zoom/book", email="ana@example.com", **booker)
    walk.send(client, "/mara/zoom/book", email="a@example.com", minutes="7", **booker)


def troubles(world: World, walk: Walk, client: FlaskClient, hosts: dict[str, FlaskClient]) -> None:
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
