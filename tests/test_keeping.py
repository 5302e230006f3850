"""What is kept for a time only goes when that is over, in small steps."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme import keeping, wal
from bookme.extensions import db
from bookme.models import (
    Actor,
    Attendee,
    Authenticator,
    AuthorizationAttempt,
    Booking,
    BookingEvent,
    BookingLink,
    Chore,
    Email,
    EmailState,
    EventKind,
    Flood,
    GivenUpHandle,
    Heartbeat,
    Invitation,
    KnownBrowser,
    MessageRule,
    OperatorAct,
    Origin,
    PendingLink,
    PendingProof,
    Purpose,
    Reminder,
    ReminderState,
    Report,
    ReportKind,
    Session,
    SignInAttempt,
    Step,
    Tally,
    Timing,
    User,
    WrongCode,
)
from tests import factories
from tests.factories import NOW
from tests.processes import ROOT
from tests.statements import statements

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def lived(days: int, **columns: object) -> Booking:
    """A booking so many days ago, with a line of history, a message and a reminder."""
    booking = factories.booking(starts_at=NOW - days * DAY, **columns)
    at = booking.starts_at - DAY
    booking.events.append(BookingEvent(kind=EventKind.BOOKED, actor=Actor.BOOKER, at=at))
    person = booking.attendees[0]
    sent = {"state": EmailState.SENT, "created_at": at, "sent_at": at, "attendee": person}
    email = Email(dedupe_key=f"booked-{booking.id}", kind="booked", **sent)
    booking.emails.append(email)
    db.session.flush()
    before = {"timing": Timing.BEFORE_START, "minutes": 60, "position": 0}
    booking.reminders.append(
        Reminder(
            rule=MessageRule(schedule=booking.schedule, **before),
            attendee=person,
            send_at=at,
            starts_at=booking.starts_at,
            state=ReminderState.SENT,
            email=email,
        )
    )
    db.session.commit()
    return booking


def kept(model: type[BookingEvent] | type[Email] | type[Reminder]) -> list[int]:
    return list(db.session.scalars(sa.select(model.booking_id).order_by(model.booking_id)))


def test_history_and_messages_go_when_their_time_is_over(app: Flask) -> None:
    app.config |= {"KEEP_HISTORY_DAYS": 100, "KEEP_MESSAGES_DAYS": 50}
    recent = lived(49)
    older = lived(99, schedule=recent.schedule)
    oldest = lived(101, schedule=recent.schedule)
    assert keeping.forget_old(NOW) == 3
    assert kept(BookingEvent) == [recent.id, older.id]
    assert kept(Email) == kept(Reminder) == [recent.id]
    assert db.session.get(Booking, oldest.id) is not None
    assert keeping.forget_old(NOW) == 0


def test_what_is_still_to_come_or_to_be_sent_stays_however_old(app: Flask) -> None:
    booking = lived(800)
    booking.ends_at, booking.hold.ends_at = NOW + DAY, NOW + DAY
    booking.hold.starts_at = NOW
    waiting = lived(900, schedule=booking.schedule)
    waiting.emails[0].state = EmailState.WAITING
    db.session.commit()
    assert keeping.forget_old(NOW) == 1
    assert kept(BookingEvent) == [booking.id]
    assert kept(Email) == [booking.id, waiting.id]


def test_what_failed_until_it_was_over_waits_no_more(app: Flask) -> None:
    old = lived(400, video_provider="zoom")
    recent = lived(3, schedule=old.schedule, video_provider="zoom")
    for booking in (old, recent):
        booking.meeting.failing_since = booking.starts_at - DAY
    db.session.commit()
    keeping.forget_old(NOW)
    assert old.meeting.failing_since is None
    assert recent.meeting.failing_since is not None


def test_messages_about_an_account_go_too(app: Flask) -> None:
    host: User = factories.host()
    for number, days in enumerate((364, 366)):
        at = NOW - days * DAY
        state = {"state": EmailState.FAILED, "created_at": at}
        db.session.add(Email(dedupe_key=str(number), kind="confirm", user=host, **state))
    db.session.commit()
    assert keeping.forget_old(NOW) == 1
    assert db.session.scalars(sa.select(Email.dedupe_key)).all() == ["0"]


def test_a_round_takes_a_small_step_and_the_next_one_goes_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "STEP", 1)
    first = lived(1000)
    second = lived(999, schedule=first.schedule)
    assert keeping.forget_old(NOW) == 2
    assert kept(BookingEvent) == kept(Email) == [second.id]
    assert keeping.forget_old(NOW) == 2
    assert kept(BookingEvent) == kept(Email) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_old_rows_are_found_by_indexes(app: Flask) -> None:
    lived(1)
    with statements() as asked:
        keeping.forget_old(NOW)
    run = db.session.connection().exec_driver_sql
    for statement in asked:
        values = tuple("2027" for _ in range(statement.count("?") - 1)) + (1,)
        steps = [str(row[-1]) for row in run(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert not [one for one in steps if one.startswith("SCAN") or "TEMP" in one], steps


def test_a_booking_stays_until_its_host_deletes_it_unless_the_operator_sets_a_time(
    app: Flask,
) -> None:
    old = lived(1000)
    recent = lived(40, schedule=old.schedule)
    late = NOW.replace(minute=keeping.SELDOM)
    keeping.forget_old(late)
    assert db.session.scalars(sa.select(Booking.id)).all() == [old.id, recent.id]
    app.config["KEEP_BOOKINGS_DAYS"] = 50
    keeping.forget_old(late)
    assert db.session.scalars(sa.select(Booking.id)).all() == [recent.id]
    assert db.session.scalars(sa.select(Attendee.booking_id)).all() == [recent.id]
    if db.engine.dialect.name == "sqlite":
        assert db.session.get(Chore, wal.CHORE) is not None, "nor in SQLite's log"


def times_of_one_kind(host: User) -> dict[str, Callable[[datetime], Any]]:
    """Of each kind without a test of its own: a row whose time is counted from an instant."""
    numbers = count(100)

    def other(**columns: Any) -> User:
        return factories.host(another=True, **columns)

    def booked() -> Booking:
        return factories.booking(schedule=live, starts_at=NOW + next(numbers) * DAY)

    live = factories.schedule(host=host)

    def name() -> str:
        return uuid4().hex

    return {
        "unconfirmed": lambda at: other(email_confirmed_at=None, created_at=at),
        "sessions": lambda at: Session(
            user=host, token_hash=name(), created_at=at, last_seen_at=at
        ),
        "browsers": lambda at: KnownBrowser(
            user=host, token_hash=name(), created_at=at, last_seen_at=at
        ),
        "wrong_codes": lambda at: WrongCode(user=host, created_at=at),
        "set_ups": lambda at: Authenticator(
            user=host, seal_id=name(), secret_sealed=b"x", created_at=at
        ),
        "proofs": lambda at: PendingProof(step=Step.SIGN_IN, token_hash=name(), expires_at=at),
        "attempts": lambda at: AuthorizationAttempt(
            state_hash=name(), host=host, provider="zoom", verifier_sealed=b"x", expires_at=at
        ),
        "sign_ins": lambda at: SignInAttempt(
            **dict.fromkeys(("state_hash", "browser_hash"), name()),
            provider="x",
            purpose=Purpose.SIGN_IN,
            secrets_sealed=b"x",
            begun_at=at,
            expires_at=at,
        ),
        "pending_links": lambda at: PendingLink(
            user=host,
            epoch=1,
            token_hash=name(),
            provider="x",
            issuer="x",
            subject="x",
            expires_at=at,
        ),
        "invitations": lambda at: Invitation(key=name(), created_at=at, expires_at=at),
        "counts": lambda at: Tally(key=name(), slot=1, count=1, until=at),
        "networks": lambda at: Origin(booking_id=booked().id, network_digest="x", made_at=at),
        "handles": lambda at: GivenUpHandle(digest=name(), given_up_at=at),
        "floods": lambda at: Flood(host_id=other().id, began_at=at, last_at=at),
        "reports": lambda at: Report(
            seal_id=name(), kind=ReportKind.SPAM, page="/x", said_sealed=b"x", made_at=at
        ),
        "schedules": lambda at: factories.schedule(host=host, slug=name(), deleted_at=at),
        "links": lambda at: BookingLink(
            schedule=live, token_hash=name(), hint="x", uses_left=0, created_at=at
        ),
        "heartbeats": lambda at: Heartbeat(name=name(), kind="worker", at=at),
        "acts": lambda at: OperatorAct(at=at, command="x", outcome="done"),
    }


@pytest.fixture
def rows(app: Flask) -> dict[str, list[Any]]:
    """Of each kind: the key of a row whose time is over, and of one whose time is not."""
    host, made = factories.host(), {}
    for name, row in times_of_one_kind(host).items():
        rule = next(one for one in keeping.RULES if one.name == name)
        lasts = rule.lasts(app.config)
        assert lasts is not None
        both = [row(NOW - lasts - SECOND), row(NOW - lasts + SECOND)]
        db.session.add_all(both)
        db.session.flush()
        made[name] = [sa.inspect(one).identity for one in both]
    db.session.commit()
    return made


def left(name: str) -> list[Any]:
    model = next(one for one in keeping.RULES if one.name == name).oldest_first.class_
    return [tuple(row) for row in db.session.execute(sa.select(*sa.inspect(model).primary_key))]


def prune(app: Flask, *flags: str) -> list[str]:
    result = app.test_cli_runner().invoke(args=("prune", *flags))
    assert result.exit_code == 0, result.output
    return str(result.output).splitlines()


def test_each_kind_goes_when_its_time_is_over_and_not_before(
    app: Flask, rows: dict[str, list[Any]]
) -> None:
    tried = {"bookings", "history", "messages"}  # above
    assert {rule.name for rule in keeping.RULES} == {*rows, *tried}
    counted = prune(app, "--dry-run")
    assert counted[-1] == f"Rows that would be deleted: {len(rows)}"
    for name, both in rows.items():
        assert set(both) <= set(left(name)), "counting changes nothing"
    done = prune(app)
    assert done[:-1] == counted[:-1]
    assert done[-1] == f"Rows that were deleted: {len(rows)}"
    for name, (gone, stays) in rows.items():
        assert gone not in left(name), name
        assert stays in left(name), name
    assert prune(app)[-1] == "Rows that were deleted: 0"
    noted = sa.select(OperatorAct.about, OperatorAct.outcome).where(OperatorAct.command == "prune")
    assert [tuple(row) for row in db.session.execute(noted.order_by(OperatorAct.id))] == [
        (f"{len(rows)} rows", "done"),
        ("0 rows", "nothing"),
    ]


def test_the_sweep_does_all_of_it_in_an_hour(app: Flask, rows: dict[str, list[Any]]) -> None:
    for minute in range(60):
        keeping.forget_old(NOW.replace(minute=minute))
    for name, (gone, _) in rows.items():
        assert gone not in left(name), name


def test_pruning_goes_on_until_nothing_is_left(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "STEP", 2)
    for _ in range(5):
        db.session.add(OperatorAct(at=NOW - 800 * DAY, command="x", outcome="done"))
    db.session.commit()
    assert prune(app)[-1] == "Rows that were deleted: 5"


def test_what_is_used_again_meanwhile_stays(
    app: Flask, host: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the deletion a browser may come back."""
    old = NOW - 31 * DAY
    db.session.add(Session(user=host, token_hash="x", created_at=old, last_seen_at=old))
    db.session.commit()
    look = keeping._some

    def come_back(*given: Any) -> list[Any]:
        found = look(*given)
        db.session.execute(sa.update(Session).values(last_seen_at=NOW))
        db.session.commit()
        return found

    monkeypatch.setattr(keeping, "_some", come_back)
    keeping.forget_old(NOW)
    assert len(db.session.scalars(sa.select(Session.id)).all()) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_documents_say_how_long_everything_is_kept(app: Flask, client: FlaskClient) -> None:
    document = (ROOT / "docs" / "operating.md").read_text()
    said = document.partition("| what | kept for | counted from |\n|---|---|---|\n")[2]
    lines = said.partition("\n\n")[0].splitlines()
    assert lines == [
        f"| {rule.what} | {rule.time(app.config)}"
        f"{f' (`{rule.setting}`)' if rule.setting else ''} | {rule.since} |"
        for rule in keeping.RULES
    ]
    app.config |= {"KEEP_BOOKINGS_DAYS": 991, "KEEP_HISTORY_DAYS": 992, "KEEP_MESSAGES_DAYS": 993}
    times = keeping.days(app.config)
    page = " ".join(BeautifulSoup(client.get("/privacy").text, "html.parser").get_text().split())
    for name in (
        "bookings",
        "history",
        "messages",
        "sessions",
        "browsers",
        "unconfirmed",
        "acts",
        "networks",
        "reports",
    ):
        assert f"{times[name]} days" in page, name
    app.config["KEEP_BOOKINGS_DAYS"] = 0
    assert "At the latest, we delete it" not in client.get("/privacy").text
