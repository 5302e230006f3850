from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from redis.exceptions import ConnectionError

from bookme import keeping, waits
from bookme.accounts import sessions
from bookme.accounts.owed import Letter, owe
from bookme.connections.connecting import attempts
from bookme.extensions import db
from bookme.jobs.processes.sweep import MOST, Counts, due_bookings, look_once, sweep_once
from bookme.models import AuthorizationAttempt, Booking, Heartbeat, Session
from tests import factories
from tests.conftest import NOW
from tests.jobs.conftest import connected, video_booking

Hints = list[tuple[str, tuple[int, ...]]]


def due(number: int, **columns: Any) -> list[Booking]:
    """So many bookings of one host that are due."""
    schedule = factories.schedule()
    return [
        factories.booking(
            schedule=schedule,
            starts_at=NOW + timedelta(hours=1 + n),
            **{"due_at": NOW, **columns},
        )
        for n in range(number)
    ]


def test_what_is_due_is_queued(app: Flask, hints: Hints) -> None:
    first, second = due(2)
    later = factories.booking(schedule=first.schedule, due_at=NOW + timedelta(seconds=1))
    assert later.id
    assert sweep_once(NOW) == Counts(bookings=2)
    assert hints == [("sync.sync_booking", (first.id,)), ("sync.sync_booking", (second.id,))]


def test_what_is_queued_is_not_queued_again_for_a_while(app: Flask, hints: Hints) -> None:
    due(1)
    sweep_once(NOW)
    assert sweep_once(NOW) == Counts()
    assert sweep_once(NOW + waits.QUEUED_FOR) == Counts(bookings=1)
    assert len(hints) == 2


def test_a_changed_booking_is_queued_again_at_once(app: Flask, hints: Hints) -> None:
    (booking,) = due(1)
    sweep_once(NOW)
    booking.change(NOW)
    db.session.commit()
    assert sweep_once(NOW) == Counts(bookings=1)


def test_what_somebody_is_at_is_left_to_him(app: Flask, hints: Hints) -> None:
    due(1, lease_until=NOW + timedelta(seconds=1), lease_holder="somebody")
    assert sweep_once(NOW) == Counts()
    assert sweep_once(NOW + timedelta(seconds=1)) == Counts(bookings=1)


def test_an_outage_fills_the_queue_bit_by_bit_the_longest_waiting_first(app: Flask) -> None:
    bookings = due(3)
    bookings[2].due_at = NOW - timedelta(hours=1)
    db.session.commit()
    assert due_bookings(NOW, 1) == [bookings[2].id]
    assert due_bookings(NOW, 1) == [bookings[0].id]
    assert MOST < 1000


def test_between_two_rounds_bookings_that_have_become_due_are_queued(
    app: Flask, hints: Hints
) -> None:
    (booking,) = due(1, due_at=NOW + timedelta(seconds=4))
    assert look_once(NOW) == 0
    assert look_once(NOW + timedelta(seconds=4)) == 1
    assert look_once(NOW + timedelta(seconds=5)) == 0
    assert hints == [("sync.sync_booking", (booking.id,))]


def test_messages_removals_and_checks_are_queued_too(app: Flask, hints: Hints) -> None:
    booking = video_booking()
    booking.schedule.location_kind, booking.schedule.video_provider = "video", "zoom"
    connection = connected(booking, refreshed_at=NOW - waits.IDLE_GRANT)
    email = owe(booking.host, Letter.PASSWORD_CHANGED, now=NOW)
    assert email is not None
    db.session.commit()
    counts = sweep_once(NOW)
    assert (counts.bookings, counts.messages) == (1, 1)
    assert counts.checks + counts.refreshes == 1
    assert ("messages.account.send_email", (email.id,)) in hints
    assert {job for job, ids in hints if ids == (connection.id,)} & {
        "refresh.check_connection",
        "refresh.refresh_idle",
    }


class DeadQueue:
    """A Redis that takes a few hints and then is away."""

    def __init__(self, takes: int) -> None:
        self.takes = takes
        self.asked = 0

    def enqueue_call(self, func: str, **kwargs: Any) -> None:
        self.asked += 1
        if self.asked > self.takes:
            raise ConnectionError("away")


def test_what_redis_does_not_take_is_found_again_at_once(app: Flask, hints: Hints) -> None:
    due(3)
    alive = app.extensions["hints"]
    app.extensions["hints"] = dead = DeadQueue(1)
    assert sweep_once(NOW) == Counts()
    assert look_once(NOW) == 0
    assert dead.asked == 3, "asked no more after the first refusal"
    app.extensions["hints"] = alive
    assert sweep_once(NOW) == Counts(bookings=2)
    assert [ids for _, ids in hints] == [(2,), (3,)]


@pytest.mark.parametrize("takes", [0, 1])
def test_a_sweep_without_redis_tidies_up_all_the_same(app: Flask, takes: int) -> None:
    user = factories.host()
    sessions.begin(user, "Firefox", now=NOW - timedelta(days=4000))
    fresh, _ = sessions.begin(user, "Firefox", now=NOW)
    attempts.start(fresh, "zoom", now=NOW - attempts.LIFETIME)
    db.session.add(Heartbeat(name="old", kind="worker", at=NOW - timedelta(days=1)))
    db.session.commit()
    app.extensions["hints"] = DeadQueue(takes)
    sweep_once(NOW.replace(minute=keeping.SELDOM))
    assert db.session.scalars(sa.select(Session.id)).all() == [fresh.id]
    assert db.session.scalar(sa.select(sa.func.count(AuthorizationAttempt.id))) == 0
    assert [beat.kind for beat in db.session.scalars(sa.select(Heartbeat))] == ["sweep"]


def test_a_sweep_leaves_one_sign_of_life(app: Flask) -> None:
    sweep_once(NOW)
    sweep_once(NOW + waits.SWEEP_EVERY)
    (beat,) = db.session.scalars(sa.select(Heartbeat)).all()
    assert (beat.kind, beat.at) == ("sweep", NOW + waits.SWEEP_EVERY)


def test_what_was_queued_is_said_in_words() -> None:
    words = str(Counts(bookings=3, checks=1))
    assert words.startswith("queued: 3 bookings, 0 messages, 0 removals, 1 checks, 0 refreshes")
