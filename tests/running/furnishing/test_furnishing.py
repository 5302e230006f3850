"""What the demo's hosts find when they sign in: an account with a life, and an empty one."""

from datetime import UTC, datetime
from functools import lru_cache

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from bookme.accounts import access, service
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.jobs import sync, timed
from bookme.models import (
    Attendee,
    Booking,
    BookingLink,
    BookingStatus,
    Email,
    EmailState,
    EventKind,
    LocationKind,
    MeetingState,
    OpeningHours,
    QuestionKind,
    Role,
    Schedule,
    TimeOff,
    User,
    Visibility,
)
from bookme.running import demo
from bookme.running.furnishing import coming, past, story, walk
from tests.kept import Moment
from tests.mails import sent

LINKS = "http://outside.example/j/"
#: Nobody listens there.
NOWHERE = "http://127.0.0.1:9"


@lru_cache
def furnished(_now: datetime) -> Moment:
    """What is over, made on an empty database once for all tests that begin at this time."""
    past.furnish(now=utcnow(), links_to=LINKS)
    return Moment()


def furnish() -> User:
    if db.session.scalar(sa.select(sa.exists().select_from(User))) or on_postgresql():
        past.furnish(now=utcnow(), links_to=LINKS)
    else:
        furnished(utcnow()).back()
    mara = service.find(demo.EMAIL)
    assert mara is not None
    return mara


def on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def settle() -> None:
    coming.connect(url=NOWHERE, sandbox=NOWHERE)
    coming.book()


def bookings() -> list[Booking]:
    return list(db.session.scalars(sa.select(Booking).order_by(Booking.starts_at)))


def rows() -> dict[str, int]:
    """How many there are of everything."""
    count = sa.func.count()
    tables = db.metadata.sorted_tables
    found = {one.name: db.session.scalar(sa.select(count).select_from(one)) for one in tables}
    db.session.rollback()
    return {name: number or 0 for name, number in found.items()}


def test_mara_has_a_schedule_of_every_kind(app: Flask) -> None:
    mara = furnish()
    offered = db.session.scalars(sa.select(Schedule)).all()
    assert {one.host for one in offered} == {mara}
    assert {one.location_kind for one in offered} == set(LocationKind)
    assert {one.visibility for one in offered} == set(Visibility)
    assert {one.kind for each in offered for one in each.questions} == set(QuestionKind) - {
        QuestionKind.PHONE  # which a schedule on the phone asks by itself
    }
    assert {one.provider for one in offered} == {None, "zoom", "google_meet", "microsoft_teams"}
    for rule in ("needs_approval", "confirms_email", "cancel_notice_minutes", "after_words"):
        assert any(getattr(one, rule) for one in offered), rule
    assert any(len(one.durations) > 1 for one in offered)
    assert mara.limit
    assert {one.name for one in db.session.scalars(sa.select(OpeningHours))} == {
        *("Working hours", "Evenings")
    }
    assert len(db.session.scalars(sa.select(TimeOff)).all()) == 2
    links = db.session.scalars(sa.select(BookingLink)).all()
    assert {one.uses_left for one in links} == {0, 1}


def test_what_is_over_has_an_example_of_all_that_happens_and_sends_no_mail(app: Flask) -> None:
    furnish()
    found = bookings()
    assert len(found) == len(story.PAST)
    assert all(one.starts_at < utcnow() for one in found)
    assert {one.status for one in found} == {
        *(BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.DECLINED)
    }
    happened = {event.kind for one in found for event in one.events}
    assert happened >= {EventKind.MOVED, EventKind.ACCEPTED, EventKind.NO_SHOW}
    people = db.session.scalars(sa.select(Attendee)).all()
    assert {one.role for one in people} == set(Role)
    for known in ("source", "answers", "notes", "host_notes", "phone", "no_show_at"):
        assert any(getattr(one, known) for one in people), known

    sends_nothing_and_looks_held(app)


def sends_nothing_and_looks_held(app: Flask) -> None:
    assert timed.wake(utcnow()) == 0
    for one in [one.id for one in bookings()]:
        sync.sync_booking(one)
    assert sent(app) == []
    assert {one.state for one in db.session.scalars(sa.select(Email))} == {EmailState.SENT}
    confirmed = [one for one in bookings() if one.status is BookingStatus.CONFIRMED]
    meetings = [one.meeting for one in confirmed if one.meeting is not None]
    assert meetings
    assert {one.state for one in meetings} == {MeetingState.READY}


def test_noor_has_just_signed_up(app: Flask) -> None:
    furnish()
    noor = access.check_password(service.find(demo.EMPTY_EMAIL), demo.PASSWORD)
    assert noor is not None
    assert noor.is_confirmed
    assert noor.created_at == utcnow()
    assert {one.host.email for one in bookings()} == {demo.EMAIL}


@pytest.mark.both_databases
def test_what_is_to_come_has_an_example_of_all_that_waits_and_is_told_once(
    app: Flask, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    furnish()
    over = {one.id for one in bookings()}
    settle()
    found = [one for one in bookings() if one.id not in over]
    assert len(found) == len(story.BEFORE) + len(story.NOW)
    assert {ids[0] for _job, ids in hints} == {one.id for one in found}
    assert {one.status for one in found} == {
        *(BookingStatus.CONFIRMED, BookingStatus.CANCELLED),
        *(BookingStatus.PENDING, BookingStatus.HELD),
    }
    assert any(one.asked_to_move_at for one in found)
    assert EventKind.MOVED in {event.kind for one in found for event in one.events}

    before = rows()
    with time_machine.travel(datetime(2027, 3, 20, 9, tzinfo=UTC), tick=False):
        furnish()
        settle()
    assert rows() == before


@pytest.mark.parametrize("moment", ["2027-04-03T22:30", "2027-01-01T11:00"])
def test_there_is_a_story_at_any_moment(app: Flask, moment: str) -> None:
    with time_machine.travel(datetime.fromisoformat(f"{moment}+00:00"), tick=False):
        furnish()
        settle()
        now = utcnow()
        found = bookings()
    assert sum(one.ends_at <= now for one in found) > 15
    assert sum(one.starts_at > now for one in found) > 9


def test_connecting_that_fails_is_said_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    walk.connect_all(NOWHERE, NOWHERE)
    assert caplog.messages == ["not everything is connected: ConnectionError"]
