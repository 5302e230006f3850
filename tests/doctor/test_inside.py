"""What is found from inside a running BookMe: how much waits, for whom, and what to do."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from bookme.accounts.owed import Letter, owe
from bookme.doctor import examination, inside, waiting
from bookme.doctor.finding import Finding
from bookme.extensions import db
from bookme.models import (
    Calendar,
    CalendarEntry,
    Connection,
    ConnectionStatus,
    Deauthorization,
    Email,
    Trouble,
    User,
)
from bookme.operating import words
from tests import factories
from tests.factories import NOW

HOUR = timedelta(hours=1)
SINCE = "2027-03-01 07:00 UTC"


def linked(provider: str, **columns: Any) -> Connection:
    made = Connection(
        host=columns.pop("host", None) or factories.host(another=True),
        provider=provider,
        status=columns.pop("status", ConnectionStatus.ACTIVE),
        seal_id=f"s{db.session.query(Connection).count()}",
        connected_at=NOW,
        **columns,
    )
    db.session.add(made)
    db.session.commit()
    return made


def of(what: str, found: Any) -> list[Finding]:
    return [one for one in found if one.what == what]


def refused_mail() -> None:
    host = factories.host()
    for kind in (Letter.PASSWORD_CHANGED, Letter.ACCOUNT_CLOSING):
        email = owe(host, kind, now=NOW - HOUR)
        assert isinstance(email, Email)
        email.attempts, email.problem = 3, "smtp 451"


def untried_mail() -> None:
    owe(factories.host(), Letter.PASSWORD_CHANGED, now=NOW - HOUR)


def meetings() -> None:
    booking = factories.booking(video_provider="zoom")
    booking.meeting.failing_since = NOW - HOUR


def entries() -> None:
    booking = factories.booking()
    booking.entry = CalendarEntry(provider="google", failing_since=NOW - HOUR)


def readings() -> None:
    connection = linked("microsoft")
    calendar = Calendar(host=connection.host, connection=connection, external_id="c", name="x")
    calendar.is_checked, calendar.failing_since = True, NOW - HOUR
    calendar.trouble = Trouble.UNAVAILABLE
    db.session.add(calendar)


def removals(attempts: int) -> None:
    times = {"deauthorized_at": NOW - HOUR, "received_at": NOW - HOUR}
    db.session.add(Deauthorization(dedupe_digest="x", seal_id="x", attempts=attempts, **times))


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (
            refused_mail,
            "because the mail server doesn’t take them (smtp 451). Check MAIL_URL",
        ),
        (untried_mail, f"1 message has been due since {SINCE}, and nobody has tried to send it."),
        (meetings, f"1 meeting has waited for Zoom since {SINCE}. Check whether Zoom has an"),
        (entries, f"1 calendar event has waited for Google since {SINCE}."),
        (readings, f"1 calendar hasn’t been read since {SINCE} because Microsoft doesn’t answer."),
        (lambda: removals(2), f"1 confirmation of deleted data has waited for Zoom since {SINCE}."),
        (lambda: removals(0), f"1 removal at Zoom has been waiting since {SINCE}. Check that work"),
        (
            lambda: factories.booking(due_at=NOW - HOUR),
            f"1 booking has been due since {SINCE}. Check that workers and the sweep run",
        ),
        (
            lambda: factories.host(closing_at=NOW - timedelta(days=300)),
            "1 account should have been deleted at ",
        ),
    ],
    ids=[
        *("mail", "untried mail", "meetings", "entries", "readings", "confirmation", "removal"),
        *("bookings", "closings"),
    ],
)
def test_what_waits_is_told_with_its_number_and_reason(
    app: Flask, happens: Callable[[], Any], said: str
) -> None:
    happens()
    db.session.commit()
    [found] = waiting.late(NOW)
    assert not found.good
    assert said in str(found)


def test_nothing_late_is_good(app: Flask) -> None:
    factories.booking(due_at=NOW - timedelta(seconds=1))
    [found] = waiting.late(NOW)
    assert found == Finding("work", True, "Nothing is late.")


def test_a_provider_that_ended_many_grants_at_once_is_noticed(app: Flask) -> None:
    linked("zoom")
    linked("google", calls_after=NOW + HOUR)
    ended = {"status": ConnectionStatus.NEEDS_RECONNECT, "problem_at": NOW - HOUR}
    for _ in range(3):
        linked("zoom", **ended)
    linked("google", **ended)
    google, zoom = inside.connections(NOW)
    assert google.good
    assert google.words == (
        "1 connection to Google works. 1 of them waits because of a limit at Google. "
        "1 host has to reconnect. 1 connection ended in the last 24 hours."
    )
    assert not zoom.good
    assert zoom.words.endswith("3 connections ended in the last 24 hours.")
    assert zoom.to_do.startswith("Check your app at Zoom")


def test_a_disk_that_is_nearly_full_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = inside.disk(NOW)
    monkeypatch.setattr(inside, "LEAST_FREE", 2**60)
    [full] = inside.disk(NOW)
    assert full.words == found.words
    assert not full.good
    assert full.to_do.startswith("Make room")
    app.config["STATE_DIR"] = Path("/nowhere")
    [gone] = inside.disk(NOW)
    assert gone.words == "The state folder can’t be read (FileNotFoundError)."


def test_without_a_mail_server_both_say_the_same(app: Flask) -> None:
    app.config.update(MAIL_CONFIGURED=False, REDIS_URL="redis://localhost:1/0")
    app.config.update(ZOOM_CLIENT_ID="", GOOGLE_CLIENT_ID="", MICROSOFT_CLIENT_ID="")
    [page] = of("mail", inside.look(NOW))
    db.session.rollback()
    [doctor] = of("mail", examination.examine(NOW))
    assert page == doctor
    assert not page.good


def test_what_both_look_at_is_said_in_the_same_words(app: Flask, host: User) -> None:
    factories.booking(schedule=factories.schedule(host=host), due_at=NOW - HOUR)
    app.config.update(REDIS_URL="redis://localhost:1/0")
    page = inside.look(NOW)
    db.session.rollback()
    doctor = examination.examine(NOW)
    for what in ("address", "operator", "database", "keys", "workers", "sweep", "late"):
        assert of(what, page) == of(what, doctor) != [], what


def test_everything_that_is_looked_at_has_a_name_on_the_page(app: Flask) -> None:
    assert {one.what for one in inside.look(NOW)} <= set(words.NAMES)
