"""On PostgreSQL, connecting and disconnecting lock rows in the order in which jobs do."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme.connections import service
from bookme.connections.connecting import linking
from bookme.connections.connecting.linking import Access
from bookme.connections.grants import seals
from bookme.connections.grants.identity import identity
from bookme.extensions import db
from bookme.jobs import claim, lease
from bookme.models import Booking, CalendarEntry, Connection, MeetingState, Trouble, User
from bookme.providers.calendar import Account, CalendarInfo
from bookme.providers.google.facts import SCOPES as GOOGLE_SCOPES
from bookme.providers.http.grant import Grant
from bookme.providers.video import Account as ZoomAccount
from bookme.providers.video import Plan
from bookme.providers.zoom.client import SCOPES as ZOOM_SCOPES
from tests import factories
from tests.conftest import NOW
from tests.jobs.calendars import cloud_calendars
from tests.patience import wait_until

MAIN = CalendarInfo("primary", "Main", None, is_primary=True, may_write=True, zone=None)


@dataclass(frozen=True)
class Asked:
    host_id: int
    provider: str
    may_replace: bool = True


@pytest.fixture(autouse=True)
def _postgresql(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")


def google(person: str) -> Access:
    key = Grant(f"a.{person}", f"r.{person}", 3600, frozenset(GOOGLE_SCOPES))
    return Access(key, identity(Account(person, person, can_meet=True)), [MAIN])


def zoom(person: str) -> Access:
    key = Grant(f"a.{person}", f"r.{person}", 3600, frozenset(ZOOM_SCOPES))
    return Access(key, identity(ZoomAccount(person, "account", person, Plan.LICENSED, "active")))


class Beside:
    """Something that runs in a thread of its own, with what it failed with."""

    def __init__(self, app: Flask, action: Callable[[], Any]) -> None:
        self.failure: BaseException | None = None
        self._app, self._action = app, action
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self._app.app_context():
                self._action()
        except BaseException as error:  # shown by the test
            self.failure = error

    def end(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()
        if self.failure is not None:
            raise self.failure


def somebody_waits(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        waiting = sa.text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(connection.scalar(waiting))


def replace_google(host_id: int, _connection_id: int) -> None:
    linking.link(Asked(host_id, "google"), google("other"), now=NOW)


def disconnect(_host_id: int, connection_id: int) -> None:
    service.disconnect(db.session.get_one(Connection, connection_id), now=NOW)


@pytest.mark.parametrize("act", [replace_google, disconnect])
def test_a_job_in_the_middle_of_a_booking_and_the_end_of_its_connection_both_succeed(
    app: Flask, act: Callable[[int, int], None]
) -> None:
    of = cloud_calendars.host_with_calendar(is_checked=False)
    of.connection.status = "needs_reconnect"  # so that nobody is to be called
    booking: Booking = factories.booking(schedule=factories.schedule(host=of.host), due_at=NOW)
    booking.entry = CalendarEntry(
        provider="google",
        external_id="bookme1",
        calendar_id=of.id,
        calendar_external_id="primary",
        state=MeetingState.READY,
        trouble=Trouble.NEEDS_RECONNECT,
        made_at=NOW,
    )
    db.session.commit()
    host_id, connection_id, booking_id = of.host_id, of.connection_id, booking.id
    taken = lease.take(booking_id, now=NOW)
    assert taken is not None
    engine = db.engine
    with claim.held(taken.claim) as held:
        other = Beside(app, lambda: act(host_id, connection_id))
        wait_until(lambda: somebody_waits(engine), "the other has come to the booking's row")
        held.entry.attempts = 7  # type: ignore[union-attr]
        db.session.flush()
    other.end()
    db.session.expire_all()
    entry = db.session.get_one(Booking, booking_id).entry
    assert entry is not None
    assert (entry.attempts, entry.calendar_external_id) == (7, None)


def connected(host: User, person: str) -> Connection:
    seal_id = f"seal{host.id}"
    key = zoom(person)
    made = Connection(
        host_id=host.id,
        provider="zoom",
        status="needs_reconnect" if person == "nobody" else "active",
        seal_id=seal_id,
        connected_at=NOW - timedelta(days=1),
        refreshed_at=NOW,
        generation=1,
        **seals.account(seal_id, "zoom", key.account),
    )
    db.session.add(made)
    db.session.commit()
    return made


def test_two_hosts_who_exchange_their_accounts_at_once_both_succeed(app: Flask) -> None:
    hosts = [factories.host(another=True) for _ in range(2)]
    for host, person in zip(hosts, ("jill", "jack"), strict=True):
        connected(host, person)
    meet = threading.Barrier(2)

    def wait_for_the_other(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM connection" in statement and "FOR NO KEY UPDATE" in statement:
            with suppress(threading.BrokenBarrierError):
                meet.wait(1)  # in vain, if the other has to wait for this one

    sa.event.listen(db.engine, "after_cursor_execute", wait_for_the_other)
    swaps = [
        Beside(
            app,
            lambda asked=Asked(host.id, "zoom"), person=person: linking.link(
                asked, zoom(person), now=NOW
            ),
        )
        for host, person in zip(hosts, ("jack", "jill"), strict=True)
    ]
    for swap in swaps:
        swap.end()
    db.session.expire_all()
    active = db.session.scalars(sa.select(Connection.host_id).where(Connection.status == "active"))
    assert sorted(active) == sorted(host.id for host in hosts)
