"""The load's checks see what they look for, and its visitors find their way on BookMe's pages."""

import asyncio
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Booking, Hold, Schedule
from tests import factories
from tests.load import checks
from tests.load.browser import Seen
from tests.load.visitor import BOOK, BOOKED, DETAILS, LINK, PAGE, SWAP, Pace, visit


class InProcess:
    """A visitor's browser, without a wire."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.seen: list[Seen] = []

    async def get(self, kind: str, path: str, *, is_swap: bool = False) -> Seen:
        headers = {"HX-Request": "true"} if is_swap else {}
        return self._note(kind, self._client.get(path, headers=headers))

    async def post(self, kind: str, path: str, form: dict[str, str]) -> Seen:
        return self._note(kind, self._client.post(path, data=form))

    def close(self) -> None:
        pass

    def _note(self, kind: str, answer: object) -> Seen:
        location = answer.headers.get("Location", "")  # type: ignore[attr-defined]
        self.seen.append(Seen(kind, answer.status_code, 0, answer.text, location))  # type: ignore[attr-defined]
        return self.seen[-1]


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    made: Schedule = factories.schedule()
    return made


def test_visitors_look_swap_and_book(client: FlaskClient, schedule: Schedule) -> None:
    found: list[Seen] = []
    booked = []
    for number in range(20):
        browser = InProcess(client)
        pace = Pace(1, 1e9)
        booked.append(asyncio.run(visit(browser, "/mara/intro", number, Random(number), pace)))  # type: ignore[arg-type]
        found += browser.seen
    kinds = {one.kind for one in found}
    assert {PAGE, SWAP, DETAILS, BOOK, BOOKED} <= kinds <= {PAGE, SWAP, DETAILS, BOOK, BOOKED, LINK}
    assert {one.status for one in found} <= {200, 303, 422}
    made = [one for one in booked if one]
    assert len(made) >= 3
    session = db.session()
    assert session.scalar(sa.select(sa.func.count(Booking.id))) == len(made)
    assert checks.double_bookings(session) == 0
    assert checks.lost(session, made) == 0
    assert checks.undone(session) > 0


def test_a_double_booking_is_seen(schedule: Schedule) -> None:
    first = factories.booking(schedule=schedule)
    session = db.session()
    later = factories.booking(schedule=schedule, starts_at=first.starts_at + timedelta(hours=1))
    assert checks.double_bookings(session) == 0
    session.delete(later.hold)
    later.hold = None
    later.starts_at = first.starts_at + timedelta(minutes=10)
    later.ends_at = later.starts_at + timedelta(minutes=30)
    session.commit()
    assert session.scalar(sa.select(sa.func.count(Hold.id))) == 1
    assert checks.double_bookings(session) == 1


def test_a_lost_booking_and_one_at_work_are_seen(schedule: Schedule) -> None:
    made = factories.booking(schedule=schedule)
    session = db.session()
    addresses = [f"/booking/{made.token}"]
    assert checks.lost(session, addresses) == 0
    assert checks.lost(session, [*addresses, "/booking/nothing"]) == 1
    assert checks.undone(session) == 0
    made.due_at = factories.NOW
    session.commit()
    assert checks.undone(session) == 1
