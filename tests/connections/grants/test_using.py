"""What a talk with Zoom shows of a connection."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme.connections import service
from bookme.connections.grants import noted, seals, tokens
from bookme.errors import (
    ConnectionRevoked,
    NotAllowed,
    ProviderUnavailable,
    ScopeMissing,
    WrongAccount,
)
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, Problem, User
from bookme.providers.video import Account
from tests.conftest import NOW
from tests.connections.making import connection, letters, now_of, rows
from tests.fake_zoom import JILL, FakeZoom
from tests.patience import wait_until


def me(made: Connection, **options: Any) -> Account:
    return tokens.using(made.id, lambda zoom: zoom.me(), **options)


def test_using_a_connection_is_noted(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom)
    assert me(made).label == JILL
    assert now_of(made).last_used_at == NOW
    assert zoom.calls == ["me"]


@pytest.mark.parametrize("fault", ["api_token_expired", "api_token_invalid"])
def test_a_refused_token_is_refreshed_once_and_the_action_tried_once_more(
    host: User, zoom: FakeZoom, fault: str
) -> None:
    made = connection(host, zoom)
    zoom.fails("me", fault)
    assert me(made).label == JILL
    assert zoom.calls == ["me", "refresh", "me"]


def test_a_fresh_token_that_is_refused_is_a_dead_grant(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom)
    zoom.fails("me", "api_token_invalid", "api_token_invalid")
    with pytest.raises(ConnectionRevoked):
        me(made)
    assert zoom.calls == ["me", "refresh", "me"]
    assert now_of(made).problem is Problem.GRANT_ENDED


def test_a_refused_token_that_somebody_has_replaced_is_not_refreshed_again(
    host: User, zoom: FakeZoom
) -> None:
    made = connection(host, zoom)
    made_id, stale = made.id, zoom.grants[0].access

    def other_worker_refreshes(call: str) -> None:
        zoom.meanwhile = None
        db.session.commit()
        tokens.renew(made_id, generation=1, now=NOW)

    def action(video: Any) -> str:
        other_worker_refreshes("me") if zoom.grants[0].access == stale else None
        return str(video.me().label)

    assert tokens.using(made_id, action) == JILL
    assert zoom.calls == ["refresh", "me", "me"]


def test_a_missing_scope_is_named_as_the_problem(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom)
    zoom.fails("me", "api_scope_missing")
    with pytest.raises(ScopeMissing):
        me(made)
    assert now_of(made).problem is Problem.SCOPE_MISSING


@pytest.mark.parametrize(("about_user", "status"), [(True, "needs_reconnect"), (False, "active")])
def test_no_such_user_ends_the_grant_only_where_the_user_was_asked_for(
    host: User, zoom: FakeZoom, about_user: bool, status: str
) -> None:
    made = connection(host, zoom)
    zoom.fails("me", "api_user_missing")
    with pytest.raises(WrongAccount):
        me(made, about_user=about_user)
    assert now_of(made).status == status


def test_a_spent_limit_of_the_account_blocks_the_connection_until_then(
    host: User, zoom: FakeZoom
) -> None:
    made = connection(host, zoom)
    zoom.fails("me", "api_429_user_daily")
    with pytest.raises(ProviderUnavailable):
        me(made)
    assert now_of(made).blocked_until == NOW.replace(hour=0) + timedelta(days=1)


def test_an_absurd_limit_blocks_a_day_at_most_and_one_a_second_nothing(
    host: User, zoom: FakeZoom
) -> None:
    made = connection(host, zoom)
    zoom.fails("me", "api_429_qps")
    with pytest.raises(ProviderUnavailable):
        me(made)
    assert now_of(made).blocked_until is None
    far = {"X-RateLimit-Type": "Daily-limit", "Retry-After": "2099-01-01T00:00:00Z"}
    zoom.fails("me", (429, far, '{"code": 429}'))
    with pytest.raises(ProviderUnavailable):
        me(made)
    blocked_until = now_of(made).blocked_until
    assert blocked_until is not None
    assert blocked_until <= NOW + timedelta(hours=25)


def test_a_limit_that_is_learned_after_a_disconnect_is_not_kept(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom)
    gone = {"status": ConnectionStatus.INACTIVE, **seals.NOTHING}
    zoom.during("me", sa.update(Connection).where(Connection.id == made.id).values(**gone))
    zoom.fails("me", "api_429_user_daily")
    with pytest.raises(ProviderUnavailable):
        me(made)
    assert now_of(made).blocked_until is None


def test_what_the_account_may_not_do_says_nothing_of_the_grant(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom)
    zoom.fails("me", "api_hosting_forbidden")
    with pytest.raises(NotAllowed):
        me(made)
    assert now_of(made).is_active


def test_a_failure_after_somebody_renewed_the_pair_marks_nothing(
    host: User, zoom: FakeZoom
) -> None:
    made = connection(host, zoom)
    assert not service.mark_dead(made.id, 7, Problem.GRANT_ENDED, now=NOW)
    assert rows(host)[0].is_active
    assert letters() == []


def test_what_zoom_said_of_an_account_is_not_written_over_a_disconnect(
    app: Flask, host: User, zoom: FakeZoom
) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    made = connection(host, zoom)
    made_id, account = made.id, me(made)
    gone = sa.update(Connection).where(Connection.id == made_id)
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )

    def note() -> None:
        with app.app_context():
            noted.note_account(made_id, account, now=NOW)
            db.session.remove()

    noting = threading.Thread(target=note)
    with db.engine.connect() as other, db.engine.connect() as watcher:
        watcher.execution_options(isolation_level="AUTOCOMMIT")
        other.execute(gone.values(status=ConnectionStatus.INACTIVE, **seals.NOTHING))
        noting.start()
        wait_until(lambda: watcher.scalar(waiting), "the note waits for the disconnect")
        other.commit()
    noting.join(20)
    assert now_of(made).label_sealed is None
