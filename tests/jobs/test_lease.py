from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from bookme import waits
from bookme.extensions import db
from bookme.jobs import lease, sync
from bookme.jobs.claim import LeaseLost
from bookme.models import Booking
from tests import factories
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def due(app: Flask) -> Booking:
    made: Booking = factories.booking(due_at=NOW, queued_at=NOW)
    return made


def test_one_takes_it_and_nobody_else_does(due: Booking) -> None:
    first = lease.take(due.id, now=NOW)
    assert first is not None
    assert lease.take(due.id, now=NOW) is None
    assert (due.lease_holder, due.lease_until) == (first.claim.holder, NOW + waits.BOOKING_LEASE)
    assert (first.revision, due.queued_at) == (1, None)


def test_nothing_due_is_nothing_to_take(due: Booking) -> None:
    assert lease.take(due.id, now=NOW - timedelta(seconds=1)) is None
    due.due_at = None
    db.session.commit()
    assert lease.take(due.id, now=NOW) is None
    assert lease.take(due.id + 1, now=NOW) is None


def test_a_clock_that_is_a_little_behind_waits_for_the_time(
    due: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NOW - timedelta(seconds=0.5), tick=False) as clock:
        pauses: list[float] = []
        monkeypatch.setattr(
            sync, "sleep", lambda seconds: clock.shift(pauses.append(seconds) or seconds)
        )
        sync.sync_booking(due.id)
    assert pauses == [0.5]
    assert due.due_at != NOW, "it has been worked on"


def test_what_is_due_later_or_is_in_hand_is_not_waited_for(due: Booking) -> None:
    assert lease.seconds_ahead(due.id, now=NOW) == 0
    assert lease.seconds_ahead(due.id, now=NOW - timedelta(seconds=3)) == 0
    assert lease.take(due.id, now=NOW) is not None
    due.due_at = NOW + timedelta(seconds=1)
    db.session.commit()
    assert lease.seconds_ahead(due.id, now=NOW) == 0


def test_a_lease_that_ran_out_goes_to_the_next_one(due: Booking) -> None:
    first = lease.take(due.id, now=NOW)
    assert first is not None
    until = first.claim.until
    assert due.due_at == until, "what a killed worker leaves is due when its lease ends"
    second = lease.take(due.id, now=until)
    assert second is not None
    with pytest.raises(LeaseLost):
        lease.give_back(first, due_at=None, now=until)
    assert due.lease_holder == second.claim.holder


@pytest.mark.parametrize("due_at", [None, LATER])
def test_given_back_it_is_due_when_there_is_work_again(due: Booking, due_at: object) -> None:
    taken = lease.take(due.id, now=NOW)
    assert taken is not None
    assert not lease.give_back(taken, due_at=due_at, now=NOW)  # type: ignore[arg-type]
    assert (due.due_at, due.lease_until, due.lease_holder) == (due_at, None, None)


def test_a_change_meanwhile_stays_due(due: Booking) -> None:
    taken = lease.take(due.id, now=NOW)
    assert taken is not None
    due.change(NOW)
    db.session.commit()
    assert due.lease_holder == taken.claim.holder, "a change ends no lease"
    assert lease.give_back(taken, due_at=None, now=NOW)
    assert (due.due_at, due.lease_holder) == (NOW, None)


def test_made_due_without_a_change_it_stays_due_as_well(due: Booking) -> None:
    taken = lease.take(due.id, now=NOW)
    assert taken is not None
    due.due_at = NOW  # as connecting again does
    db.session.commit()
    assert lease.give_back(taken, due_at=LATER, now=NOW)
    assert due.due_at == NOW
