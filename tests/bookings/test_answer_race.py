"""Of two answers at the same moment one counts, and everybody is told the truth."""

from pathlib import Path

import pytest
import time_machine
from flask import Flask

from bookme.bookings import service as bookings
from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.service import Booker
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, BookingLink, BookingStatus, Hold
from tests import factories
from tests.bookings.acting import at_once

NOW = factories.NOW
ANA = Booker(name="Ana", email="ana@example.com", zone="UTC")
#: The message that tells of an end.
TOLD_BY = {
    BookingStatus.CONFIRMED: MessageKind.BOOKED,
    BookingStatus.DECLINED: MessageKind.DECLINED,
    BookingStatus.CANCELLED: MessageKind.CANCELLED,
    BookingStatus.LAPSED: MessageKind.LAPSED,
}
ENDS = {
    "accept": BookingStatus.CONFIRMED,
    "decline": BookingStatus.DECLINED,
    "cancel": BookingStatus.CANCELLED,
    "lapse": BookingStatus.LAPSED,
}


def asked(**columns: object) -> Booking:
    schedule = factories.schedule(answer_minutes=60, **columns)
    at = NOW.replace(day=3, hour=9)
    made = bookings.book(schedule, at, ANA, form_key="k", now=NOW)
    db.session.commit()
    sync_booking(made.id)
    return made


@pytest.mark.parametrize(
    "names",
    [["accept", "lapse"], ["accept", "cancel"], ["accept", "decline"], ["decline", "lapse"]],
    ids=" and ".join,
)
def test_of_two_answers_one_counts(
    app: Flask, database_url: str, tmp_path: Path, names: list[str]
) -> None:
    booking = asked(needs_approval=True)
    booking.due_at = NOW
    db.session.commit()
    lapses_at = booking.lapses_at
    assert lapses_at is not None
    now = lapses_at if "lapse" in names else NOW
    done = at_once(database_url, tmp_path, booking, names, now)
    db.session.expire_all()
    status = booking.status
    if set(done) == {"accept", "cancel"}:  # accepted first, and cancelled right after it
        assert status is BookingStatus.CANCELLED
    else:
        assert status in {ENDS[name] for name in done}
        assert len(set(done) - {"lapse"}) <= 1
    assert (booking.hold is not None) is (status is BookingStatus.CONFIRMED)
    with time_machine.travel(now, tick=False):
        for _ in range(2):
            booking.due_at, booking.lease_until, booking.lease_holder = now, None, None
            db.session.commit()
            sync_booking(booking.id)
    told = {email.user_id is None: email.kind for email in booking.emails if email.sent_at}
    wanted = TOLD_BY[status]
    assert told == {True: wanted, False: wanted}


def test_a_held_time_lapses_or_is_confirmed(app: Flask, database_url: str, tmp_path: Path) -> None:
    booking = asked(confirms_email=True)
    link = BookingLink(
        schedule=booking.schedule,
        token_hash="x",
        hint="x",
        uses_left=0,
        booking=booking,
        created_at=NOW,
    )
    db.session.add(link)
    booking.due_at = NOW
    db.session.commit()
    lapses_at = booking.lapses_at
    assert lapses_at is not None
    done = at_once(database_url, tmp_path, booking, ["confirm", "lapse"], lapses_at)
    db.session.expire_all()
    left = db.session.query(Booking).one_or_none()
    assert (left is not None) is ("confirm" in done)
    assert left is None or left.is_confirmed
    assert db.session.query(Hold).count() == (left is not None)
    assert link.uses_left == (left is None), "a link that was not used comes back"
