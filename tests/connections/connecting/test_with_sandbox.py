"""Connecting through the sandbox's own consent pages, and what follows for bookings, on a real wire
and by the real clock.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme import config, create_app
from bookme.accounts import sessions
from bookme.bookings import slots
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.jobs.calendars.reading import read_busy
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, LocationKind, MeetingState, Schedule, User
from tests import factories
from tests.conftest import settings
from tests.connections.clouds import calendars, live
from tests.public.pages import book
from tests.sandbox_process import BEN, MARA, SandboxProcess

CALLBACKS = [f"http://localhost/connections/{one}/callback" for one in ("google", "microsoft")]
EVENTS = "https://www.googleapis.com/auth/calendar.events"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    with SandboxProcess(tmp_path_factory.mktemp("sandbox"), redirects=CALLBACKS) as process:
        process.wake_icloud()
        yield process


@pytest.fixture
def real_app(database_url: str, tmp_path: Path, sandbox: SandboxProcess) -> Iterator[Flask]:
    """BookMe on the sandbox; nothing is faked and no clock stopped."""
    environ = {"STATE_DIR": str(tmp_path), **sandbox.bookme_environment()}
    outside = {
        name: value
        for name, value in config.load(environ).items()
        if name.startswith(("GOOGLE_", "MICROSOFT_", "ICLOUD_"))
    }
    app = create_app(settings(database_url, tmp_path) | outside)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(real_app: Flask) -> FlaskClient:
    """Mara is signed in."""
    _, token = sessions.begin(factories.host(), "Firefox on Linux", now=utcnow())
    db.session.commit()
    client = real_app.test_client()
    with client.session_transaction() as cookie:
        cookie["sid"] = token
    return client


def consented(
    browser: FlaskClient,
    sandbox: SandboxProcess,
    provider: str,
    person: str = MARA,
    untick: tuple[str, ...] = (),
) -> str:
    """Press Connect, allow, come back; the path and query of the callback."""
    asked = browser.post(f"/connections/{provider}/connect").headers["Location"]
    back = urlsplit(sandbox.consent(asked, person=person, untick=untick))
    return f"{back.path}?{back.query}"


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_a_host_connects_reads_the_list_again_and_disconnects(
    browser: FlaskClient, sandbox: SandboxProcess, provider: str
) -> None:
    answer = browser.get(consented(browser, sandbox, provider))
    assert answer.headers["Location"] == f"/connections?open={provider}"
    host = db.session.query(User).one()
    made, found = live(host), calendars(host)
    assert (made.provider, made.is_active) == (provider, True)
    assert sum(row.is_primary for row in found.values()) == 1
    listed = browser.post(f"/connections/{provider}/calendars/list")
    assert "The list of calendars is up to date." in browser.get(listed.headers["Location"]).text
    assert set(calendars(host)) == set(found)
    gone = browser.post(f"/connections/{provider}/disconnect")
    page = unescape(browser.get(gone.headers["Location"]).text)
    ended = {
        "google": "We've revoked BookMe's permission",
        "microsoft": "https://myapps.microsoft.com",
    }
    assert f"{provider.title()} is disconnected" in page
    assert ended[provider] in page
    assert calendars(host) == {}


def test_an_unticked_box_keeps_nothing(browser: FlaskClient, sandbox: SandboxProcess) -> None:
    back = browser.get(consented(browser, sandbox, "google", BEN, untick=(EVENTS,)))
    answer = browser.get(back.headers["Location"])
    assert answer.status_code == 403
    assert "View and edit events on all your calendars" in answer.text


def test_an_app_specific_password_connects_icloud(
    browser: FlaskClient, sandbox: SandboxProcess
) -> None:
    password = sandbox.app_password(MARA)
    typed = {"username": MARA, "password": password}
    answer = browser.post("/connections/icloud/password", data=typed)
    assert answer.headers["Location"] == "/connections?open=icloud"
    host = db.session.query(User).one()
    found = calendars(host)
    assert live(host).is_active
    assert [row.takes_bookings for row in found.values()].count(True) == 1
    assert not all(row.may_write for row in found.values())
    gone = browser.post("/connections/icloud/disconnect")
    assert "https://account.apple.com" in browser.get(gone.headers["Location"]).text


MEETINGS = {"google": "google_meet", "microsoft": "microsoft_teams", "icloud": None}
LINKS = {"google": "/google/meet/", "microsoft": "/microsoft/meet/"}


def joined(browser: FlaskClient, sandbox: SandboxProcess, provider: str) -> None:
    """Mara connects, and her calendar is read."""
    if provider == "icloud":
        typed = {"username": MARA, "password": sandbox.app_password(MARA)}
        assert browser.post("/connections/icloud/password", data=typed).status_code == 303
    else:
        assert browser.get(consented(browser, sandbox, provider)).status_code == 303
    read()


def read() -> None:
    """Read every checked calendar, however lately that was done."""
    for row in calendars(db.session.query(User).one()).values():
        if row.is_checked:
            row.read_after = utcnow()
            db.session.commit()
            read_busy(row.id)
            db.session.refresh(row)
            assert row.failing_since is None


def times_of_whole_days(schedule: Schedule) -> list[datetime]:
    """Free times in three weeks, from a morning on, whatever the time is now."""
    now = utcnow()
    begin = (now + timedelta(days=20)).replace(hour=0, minute=0, second=0, microsecond=0)
    return slots.open_slots(schedule, begin, begin + timedelta(days=4), now=now)


def free(booking: Booking) -> list[datetime]:
    """Where a booking may be moved to."""
    near = timedelta(days=1)
    begin, end = booking.starts_at - near, booking.ends_at + near
    schedule = booking.schedule
    assert schedule is not None
    return slots.open_slots(schedule, begin, end, now=utcnow(), moving=booking)


def ours(sandbox: SandboxProcess, provider: str) -> list[dict[str, Any]]:
    """What the app has made and is there."""
    return [one for one in sandbox.events(provider) if one["made_by"] == "app"]


@pytest.mark.parametrize("provider", MEETINGS)
def test_a_booking_lives_in_the_calendar(
    browser: FlaskClient, sandbox: SandboxProcess, real_app: Flask, provider: str
) -> None:
    """Booked, moved into its own time, by hand, and while nothing is connected; then cancelled."""
    sandbox.control("settings", {"meet_pending_answers": 0})
    joined(browser, sandbox, provider)
    host, video = db.session.query(User).one(), MEETINGS[provider]
    kind = LocationKind.VIDEO if video else LocationKind.IN_PERSON
    schedule = factories.schedule(
        host=host, location_kind=kind, video_provider=video, step_minutes=15, duration_minutes=30
    )
    starts = times_of_whole_days(schedule)
    booker = real_app.test_client()
    there = book(booker, f"{starts[0]:%Y-%m-%dT%H:%M:%SZ}").headers["Location"].partition("?")[0]
    booking = db.session.query(Booking).one()
    sync_booking(booking.id)
    [entry] = ours(sandbox, provider)
    assert moment(entry) == booking.starts_at
    db.session.refresh(booking)
    assert (booking.meeting is not None) == bool(video)
    if booking.meeting is not None:
        db.session.refresh(booking.meeting)
        assert booking.meeting.state is MeetingState.READY
        assert LINKS[provider] in str(booking.meeting.join_url)
        assert str(booking.meeting.join_url) in booker.get(there).text

    read()
    overlapping = booking.starts_at + timedelta(minutes=15)
    assert overlapping in free(booking), "its own entry does not stand in its way"
    move(booker, there, overlapping)
    sync_booking(booking.id)
    [entry] = ours(sandbox, provider)
    assert moment(entry) == overlapping

    by_hand = overlapping + timedelta(hours=5)
    seen = {"entry": booking.entry.external_id, "starts_at": by_hand.isoformat()}  # type: ignore[union-attr]
    sandbox.control(f"calendars/{provider}/change", seen)
    settle(booking)
    read()
    page = browser.get(f"/dashboard/bookings/{booking.reference}").text
    assert "You changed the event yourself." in page
    booking.due_at = utcnow()
    db.session.commit()
    sync_booking(booking.id)
    [entry] = ours(sandbox, provider)
    assert moment(entry) == by_hand, "it stands until the booking changes"

    browser.post(f"/connections/{provider}/disconnect")
    later = overlapping + timedelta(minutes=30)
    move(booker, there, later)
    sync_booking(booking.id)
    [entry] = ours(sandbox, provider)
    assert moment(entry) == by_hand, "nobody may touch it"
    joined(browser, sandbox, provider)
    sync_booking(booking.id)
    [entry] = ours(sandbox, provider)
    assert moment(entry) == later

    booker.post(f"{there}/cancel")
    sync_booking(booking.id)
    assert ours(sandbox, provider) == []


@pytest.mark.parametrize("seen_by", ["a reading", "the move"])
@pytest.mark.parametrize("provider", MEETINGS)
def test_an_entry_deleted_by_hand_is_made_anew_when_its_booking_moves(
    browser: FlaskClient, sandbox: SandboxProcess, real_app: Flask, provider: str, seen_by: str
) -> None:
    joined(browser, sandbox, provider)
    schedule = factories.schedule(
        host=db.session.query(User).one(), location_kind=LocationKind.IN_PERSON, step_minutes=15
    )
    starts = times_of_whole_days(schedule)
    booker = real_app.test_client()
    there = book(booker, f"{starts[0]:%Y-%m-%dT%H:%M:%SZ}").headers["Location"].partition("?")[0]
    booking = db.session.query(Booking).one()
    sync_booking(booking.id)
    db.session.refresh(booking)
    seen = {"entry": booking.entry.external_id}  # type: ignore[union-attr]
    sandbox.control(f"calendars/{provider}/remove", seen)
    settle(booking)
    if seen_by == "a reading":
        read()
        page = browser.get(f"/dashboard/bookings/{booking.reference}").text
        assert "yourself" in page
        sync_booking(booking.id)
        assert ours(sandbox, provider) == [], "it stands deleted until the booking changes"
    move(booker, there, starts[3])
    sync_booking(booking.id)
    [entry] = ours(sandbox, provider)
    assert moment(entry) == starts[3]
    booker.post(f"{there}/cancel")
    sync_booking(booking.id)
    assert ours(sandbox, provider) == []


def settle(booking: Booking) -> None:
    """It was written five minutes ago: no listing is behind that."""
    ago = timedelta(minutes=5)
    assert booking.entry is not None
    assert booking.entry.made_at is not None
    booking.entry.made_at -= ago
    for event in booking.events:
        event.at -= ago
    db.session.commit()


def move(booker: FlaskClient, there: str, to: datetime) -> None:
    sent = {"starts_at": f"{to:%Y-%m-%dT%H:%M:%SZ}", "zone": "UTC", "clock": "24"}
    answer = booker.post(f"{there}/reschedule", data=sent)
    assert answer.status_code == 303, answer.text


def moment(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["start_at"])
