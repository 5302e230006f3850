"""How rows are claimed, whatever the work: the same for all of them, on both databases."""

import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme import waits
from bookme.extensions import db
from bookme.jobs import claim
from bookme.jobs.claim import Claim, LeaseLost
from bookme.models import Booking, Calendar, Connection, Deauthorization, Email, User
from bookme.models.leased import Leased, Queued
from tests import factories
from tests.conftest import NOW

LASTS = timedelta(minutes=2)


@pytest.fixture
def row(app: Flask) -> Booking:
    """Any row will do."""
    made: Booking = factories.booking(due_at=NOW, queued_at=NOW)
    return made


def take(row: Booking, *conditions: Any, **more: Any) -> Claim[Booking] | None:
    taken = claim.take(Booking, row.id, *conditions, **{"now": NOW, "lasts": LASTS, **more})
    db.session.commit()
    return taken


def mine(row: Booking) -> Claim[Booking]:
    taken = take(row)
    assert taken is not None
    return taken


def waiting() -> sa.Select[int]:
    of = claim.is_due(Booking, Booking.due_at, NOW)
    return sa.select(Booking.id).where(of).order_by(Booking.due_at)


def test_every_row_that_work_waits_at_is_claimed_here() -> None:
    columns = {
        mapper.class_: set(mapper.columns.keys()) & {"queued_at", "lease_until", "lease_holder"}
        for mapper in db.Model.registry.mappers
    }
    assert {model for model, found in columns.items() if len(found) == 3} == {
        *(Booking, Calendar, Connection, Deauthorization, Email)
    }
    assert all(issubclass(model, Leased) == (len(found) == 3) for model, found in columns.items())
    assert all(issubclass(model, Queued) == bool(found) for model, found in columns.items())
    assert issubclass(User, Queued)


def test_an_earlier_now_takes_no_lease_that_is_held(
    row: Booking,
) -> None:
    """It may have waited for the database's lock since, or its machine's clock is behind."""
    taken = take(row, lasts=waits.BOOKING_LEASE)
    assert taken is not None
    for earlier in (timedelta(milliseconds=1), waits.CLOCKS_DIFFER):
        assert take(row, now=NOW - earlier, lasts=waits.BOOKING_LEASE) is None


def test_the_longest_waiting_are_marked_first_and_left_alone_for_a_while(row: Booking) -> None:
    longer = factories.booking(
        schedule=row.schedule,
        starts_at=row.ends_at,
        due_at=NOW - timedelta(hours=1),
    )
    row.queued_at = None
    db.session.commit()
    assert claim.due(Booking, waiting(), now=NOW, limit=1) == [longer.id]
    assert claim.due(Booking, waiting(), now=NOW, limit=5) == [row.id]
    assert claim.due(Booking, waiting(), now=NOW, limit=5) == []
    later = NOW + waits.QUEUED_FOR
    assert claim.due(Booking, waiting(), now=later, limit=5) == [row.id, longer.id]


def test_what_somebody_is_at_is_not_marked(row: Booking) -> None:
    mine(row)
    assert claim.due(Booking, waiting(), now=NOW, limit=5) == []


def test_one_takes_it_and_nobody_else_does(row: Booking) -> None:
    first = mine(row)
    assert take(row) is None
    assert (row.lease_holder, row.lease_until) == (first.holder, NOW + LASTS)
    assert row.queued_at is None, "a change is queued again at once"


def test_of_many_at_once_one_takes_it(app: Flask, row: Booking) -> None:
    row_id, won = row.id, []
    db.session.rollback()

    def work() -> None:
        with app.app_context():
            taken = claim.take(Booking, row_id, now=NOW, lasts=LASTS)
            db.session.commit()
            won.append(taken is not None)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def test_what_is_asked_besides_must_hold(row: Booking) -> None:
    assert take(row, Booking.title == "Another title") is None
    assert row.lease_holder is None
    assert take(row, Booking.title == row.title, revision=7) is not None
    assert row.revision == 7


def test_a_lease_that_ran_out_goes_to_the_next_one(row: Booking) -> None:
    first = mine(row)
    second = take(row, now=first.until)
    assert second is not None
    with pytest.raises(LeaseLost), claim.held(first):
        pytest.fail("nothing may be written with a lease that is lost")
    assert row.lease_holder == second.holder


def test_what_is_written_while_held_is_committed_at_the_end(row: Booking) -> None:
    with claim.held(mine(row)) as held:
        held.title = "Another title"
    db.session.rollback()
    assert row.title == "Another title"


def test_what_is_written_before_an_error_is_not(row: Booking) -> None:
    with suppress(ZeroDivisionError), claim.held(mine(row)) as held:
        held.title = "Another title"
        raise ZeroDivisionError
    assert row.title == "Intro call"


def test_an_answer_counts_even_if_what_comes_next_is_an_error(row: Booking) -> None:
    ours = mine(row)
    with claim.held(ours, goes_on=True, is_answer=True) as held:
        held.title = "The answer"
    with suppress(ZeroDivisionError), claim.held(ours, goes_on=True) as held:
        held.title = "What comes next"
        raise ZeroDivisionError
    assert row.title == "The answer"
    assert claim.is_open(ours) is False


def test_an_answer_is_committed_with_what_comes_next(row: Booking) -> None:
    ours = mine(row)
    with claim.held(ours, goes_on=True, is_answer=True) as held:
        held.title = "The answer"
    with claim.held(ours) as held:
        held.cancel_reason = "What comes next"
    db.session.rollback()
    assert (row.title, row.cancel_reason) == ("The answer", "What comes next")


def test_a_condition_that_does_not_hold_any_more_is_a_lease_that_is_lost(row: Booking) -> None:
    ours = mine(row)
    with pytest.raises(LeaseLost), claim.held(ours, Booking.title == "Another title"):
        pytest.fail("nothing may be written")
    with claim.held(ours, Booking.title == row.title) as held:
        assert held is row


def test_a_row_that_is_gone_is_a_lease_that_is_lost(row: Booking) -> None:
    ours = mine(row)
    db.session.delete(row)
    db.session.commit()
    with pytest.raises(LeaseLost), claim.held(ours):
        pytest.fail("nothing may be written")


def test_a_lease_that_is_ended_is_free_to_take_and_to_queue(row: Booking) -> None:
    ours = mine(row)
    with claim.held(ours) as held:
        held.end_lease()
    assert (row.lease_until, row.lease_holder, row.queued_at) == (None, None, None)
    assert claim.due(Booking, waiting(), now=NOW, limit=5) == [row.id]
    assert take(row) is not None
