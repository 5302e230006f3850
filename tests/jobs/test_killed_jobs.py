"""A job of any kind is killed in the middle: while it may still run nobody else does its work, and
afterwards the sweep finds it and it is done, without anybody's help.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import waits
from bookme.accounts import closing
from bookme.accounts.owed import Letter, owe
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.jobs.processes.sweep import sweep_once
from bookme.models import (
    AuthorizationAttempt,
    Calendar,
    Connection,
    Deauthorization,
    Email,
    LocationKind,
    Meeting,
    MeetingState,
    User,
)
from bookme.queue import PACKAGE, Job
from tests import factories, mails
from tests.answers import Fault, Killed
from tests.conftest import NOW
from tests.connections import making
from tests.fake_zoom import JACK, FakeZoom
from tests.jobs.calendars.cloud_calendars import host_with_calendar
from tests.jobs.conftest import connected, video_booking
from tests.webhooks.sending import received

Hints = list[tuple[str, tuple[int, ...]]]
#: Minutes after NOW at which the sweep looks: later than any wait, in the end.
_LOOKS = (3, 6, 10, 15, 30, 70, 140, 24 * 60 + 10, 25 * 60, 27 * 60)


@dataclass
class Case:
    """A job that is due.

    :ivar row_id: what it is given.
    :ivar is_done: whether what it is for has come about.
    """

    row_id: int
    is_done: Callable[[], bool]


Prepare = Callable[[pytest.FixtureRequest], Case]


def _has(statement: sa.Select[Any]) -> bool:
    db.session.rollback()
    found = db.session.scalar(statement.limit(1)) is not None
    db.session.rollback()
    return found


def _zoom(asked: pytest.FixtureRequest, call: str) -> FakeZoom:
    zoom: FakeZoom = asked.getfixturevalue("zoom")
    zoom.fails(call, Fault(Killed()))
    return zoom


def sync(asked: pytest.FixtureRequest) -> Case:
    booking = video_booking()
    connected(booking)
    _zoom(asked, "POST")
    ready = sa.select(Meeting.booking_id).where(Meeting.state == MeetingState.READY)
    return Case(booking.id, lambda: _has(ready))


def message(asked: pytest.FixtureRequest) -> Case:
    app: Flask = asked.getfixturevalue("app")
    owe(factories.host(), Letter.PASSWORD_CHANGED, now=NOW)
    db.session.commit()
    taken, tries = mails.KeptMail(), iter([Killed()])

    def deliver(made: Any) -> None:
        for error in tries:
            raise error
        taken(made)

    app.extensions["mail"] = deliver
    row_id = db.session.scalars(sa.select(Email.id)).one()
    db.session.rollback()
    return Case(row_id, lambda: len(taken.messages) == 1)


def removal(asked: pytest.FixtureRequest) -> Case:
    _zoom(asked, "confirm")
    finished = sa.select(Deauthorization.id).where(Deauthorization.finished_at.is_not(None))
    return Case(received(JACK), lambda: _has(finished))


def account(asked: pytest.FixtureRequest) -> Case:
    host = factories.host()
    making.connection(host, _zoom(asked, "revoke"))
    closing.begin(host, now=NOW - waits.CLOSING_PATIENCE)
    db.session.commit()
    return Case(host.id, lambda: not _has(sa.select(User.id)))


def check(asked: pytest.FixtureRequest) -> Case:
    schedule = factories.schedule(location_kind=LocationKind.VIDEO, video_provider="zoom")
    old = {"checked_at": NOW - timedelta(days=2), "refreshed_at": NOW}
    made = making.connection(schedule.host, _zoom(asked, "me"), **old)
    return Case(made.id, lambda: _has(sa.select(Connection.id).where(Connection.checked_at > NOW)))


def refresh(asked: pytest.FixtureRequest) -> Case:
    old = {"refreshed_at": NOW - timedelta(days=31)}
    made = making.connection(factories.host(), _zoom(asked, "refresh"), **old)
    fresh = sa.select(Connection.id).where(Connection.refreshed_at >= NOW)
    return Case(made.id, lambda: _has(fresh))


def held_grant(asked: pytest.FixtureRequest) -> Case:
    zoom, host = _zoom(asked, "revoke"), factories.host()
    making.connection(host, zoom, refreshed_at=NOW)
    browser: FlaskClient = asked.getfixturevalue("as_host")(host)
    making.connect(browser, zoom, JACK)
    db.session.execute(sa.update(AuthorizationAttempt).values(expires_at=NOW))
    db.session.commit()
    kept = sa.select(AuthorizationAttempt.id).where(AuthorizationAttempt.holds_grant)
    row_id = db.session.scalars(kept).one()
    db.session.rollback()
    return Case(row_id, lambda: not _has(kept) and zoom.living(JACK) == [])


def reading(asked: pytest.FixtureRequest) -> Case:
    asked.getfixturevalue("google").fails("LIST", Fault(Killed()))
    made = host_with_calendar()
    return Case(made.id, lambda: _has(sa.select(Calendar.id).where(Calendar.read_at > NOW)))


def visit(asked: pytest.FixtureRequest) -> Case:
    """Killed before it has noted the visit: the calendar is read at its own pace all the same."""
    asked.getfixturevalue("google")
    host_id, killed = host_with_calendar(read_at=NOW).host_id, iter([Killed()])

    def kill(*_: object) -> None:
        for error in killed:
            raise error

    session = db.session()
    sa.event.listen(session, "before_commit", kill)
    asked.addfinalizer(lambda: sa.event.remove(session, "before_commit", kill))
    return Case(host_id, lambda: _has(sa.select(Calendar.id).where(Calendar.read_at > NOW)))


CASES: dict[Job, Prepare] = {
    Job.SYNC_BOOKING: sync,
    Job.SEND_EMAIL: message,
    Job.SETTLE_REMOVAL: removal,
    Job.CLOSE_ACCOUNT: account,
    Job.CHECK_CONNECTION: check,
    Job.REFRESH_IDLE: refresh,
    Job.LET_GO: held_grant,
    Job.READ_BUSY: reading,
    Job.HURRY_READINGS: visit,
}
#: Those that may not run twice at once, so that a lease keeps others away.
LEASED = (Job.SYNC_BOOKING, Job.SEND_EMAIL, Job.SETTLE_REMOVAL, Job.READ_BUSY)


def run(job: str, *ids: int) -> None:
    module, _, name = f"{PACKAGE}{job}".rpartition(".")
    getattr(import_module(module), name)(*ids)


@pytest.mark.parametrize("job", Job)
def test_a_killed_job_is_done_by_another(
    app: Flask, hints: Hints, request: pytest.FixtureRequest, job: Job
) -> None:
    case = CASES[job](request)
    with pytest.raises(Killed):
        run(job, case.row_id)
    db.session.rollback()
    assert not case.is_done()
    hints.clear()
    with time_machine.travel(NOW + timedelta(seconds=10), tick=False):
        sweep_once(utcnow())
    if job in LEASED:
        assert (job, (case.row_id,)) not in hints
    for minutes in _LOOKS:
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            sweep_once(utcnow())
            while hints:
                found, ids = hints.pop(0)
                run(found, *ids)
        if case.is_done():
            return
    pytest.fail("it was never done")
