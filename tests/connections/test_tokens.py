"""Tokens for whoever talks to Zoom."""

from datetime import timedelta
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from bookme import waits
from bookme.connections import lease, seals, service, tokens
from bookme.connections.budget import Budget
from bookme.connections.refreshing import KEYS_MISSING
from bookme.crypto import KeyRing
from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    NotAllowed,
    ProviderUnavailable,
    ScopeMissing,
    WrongAccount,
)
from bookme.extensions import db
from bookme.models import Alarm, Connection, ConnectionStatus, Email, Problem, User
from bookme.video.base import Account
from tests import factories
from tests.conftest import NOW
from tests.connections.making import connection, expired, rows
from tests.connections.zoom import JILL, FakeZoom, says


def me(made: Connection, **options: Any) -> Account:
    return tokens.using(made.id, lambda zoom: zoom.me(), **options)


def now_of(made: Connection) -> Connection:
    db.session.rollback()
    db.session.refresh(made)
    return made


def changed(made: Connection, **values: Any) -> sa.Update:
    return sa.update(Connection).where(Connection.id == made.id).values(**values)


def letters() -> list[str]:
    return list(db.session.scalars(sa.select(Email.kind).order_by(Email.id)))


def test_a_good_token_needs_no_call(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom)
    assert tokens.access_token(made.id, now=NOW) == zoom.grants[0].access
    assert zoom.calls == []


@pytest.mark.parametrize(("seconds", "calls"), [(120, []), (119, ["refresh"])])
def test_a_token_with_less_than_two_minutes_left_is_refreshed(
    host: User, zoom: FakeZoom, seconds: int, calls: list[str]
) -> None:
    made = connection(host, zoom, expires_at=NOW + timedelta(seconds=seconds))
    assert tokens.access_token(made.id, now=NOW) == zoom.grants[0].access
    assert zoom.calls == calls


def test_a_refresh_stores_the_new_pair(host: User, zoom: FakeZoom) -> None:
    made = expired(connection(host, zoom), zoom)
    first = tokens.access_token(made.id, now=NOW)
    now_of(made)
    assert (made.generation, made.refreshed_at) == (2, NOW)
    assert (made.expires_at, made.lease_until) == (NOW + timedelta(seconds=3599), None)
    made.expires_at = NOW
    db.session.commit()
    assert tokens.access_token(made.id, now=NOW) != first  # with the rotated refresh token
    assert zoom.calls == ["refresh", "refresh"]


def test_a_dead_grant_is_marked_its_tokens_deleted_and_the_host_told_once(
    host: User, zoom: FakeZoom
) -> None:
    made = expired(connection(host, zoom), zoom)
    zoom.removes_app(JILL)
    for _ in range(2):
        with pytest.raises(ConnectionRevoked):
            tokens.access_token(made.id, now=NOW)
    now_of(made)
    assert (made.status, made.problem) == ("needs_reconnect", Problem.GRANT_ENDED)
    assert (made.access_token_sealed, made.refresh_token_sealed) == (None, None)
    assert (letters(), zoom.calls) == (["connection_lost"], ["refresh"])
    assert tokens.label(made) == JILL  # the page says whose


def test_the_old_form_of_a_stale_token_is_dead_too(host: User, zoom: FakeZoom) -> None:
    made = expired(connection(host, zoom), zoom)
    zoom.fails("refresh", "token_refresh_stale_2021_form")
    with pytest.raises(ConnectionRevoked):
        tokens.access_token(made.id, now=NOW)
    assert now_of(made).needs_reconnect


def test_a_lost_race_is_no_death(host: User, zoom: FakeZoom) -> None:
    made = expired(connection(host, zoom), zoom)
    renewed = {"generation": 2, "expires_at": NOW + timedelta(hours=1)}
    zoom.during("refresh", changed(made, **renewed))
    zoom.fails("refresh", "token_refresh_stale")
    tokens.access_token(made.id, now=NOW)
    assert now_of(made).is_active
    assert (letters(), zoom.calls) == ([], ["refresh"])


@pytest.mark.parametrize(
    "fault",
    [
        says(500, {}),
        (200, {}, "<html>"),
        (502, {}, "<html>"),
        requests.ReadTimeout("slow"),
        says(429, {}),
        says(200, {"access_token": 7}),
    ],
)
def test_an_outage_ends_no_grant_and_the_next_try_works(
    host: User, zoom: FakeZoom, fault: Any
) -> None:
    made = expired(connection(host, zoom), zoom)
    zoom.fails("refresh", fault)
    with pytest.raises(ProviderUnavailable):
        tokens.access_token(made.id, now=NOW)
    with pytest.raises(ProviderUnavailable):  # others do not ask again at once
        tokens.access_token(made.id, now=NOW)
    assert now_of(made).is_active
    tokens.access_token(made.id, now=NOW + waits.FIRST_RETRY)
    assert zoom.calls == ["refresh", "refresh"]


def test_our_credentials_refused_end_no_grant_and_alarm_the_operator(
    host: User, zoom: FakeZoom
) -> None:
    made = expired(connection(host, zoom), zoom)
    zoom.fails("refresh", "token_bad_client", "token_bad_client")
    later = [NOW + number * waits.FIRST_RETRY for number in range(3)]
    for moment in later[:2]:
        with pytest.raises(ClientRefused):
            tokens.access_token(made.id, now=moment)
    assert now_of(made).is_active
    alarm = db.session.get_one(Alarm, "zoom_client_refused")
    assert (alarm.times, alarm.first_at, alarm.last_at) == (2, NOW, later[1])
    db.session.commit()
    tokens.access_token(made.id, now=later[2])
    db.session.expire_all()
    assert db.session.get(Alarm, "zoom_client_refused") is None
    assert letters() == []


def test_a_lease_that_somebody_has_is_waited_for_but_not_for_ever(
    host: User, zoom: FakeZoom
) -> None:
    until = NOW + lease.LEASE
    made = connection(host, zoom, expires_at=NOW, lease_until=until, lease_holder="another")
    with pytest.raises(ProviderUnavailable):
        tokens.access_token(made.id, now=NOW, budget=Budget(0.3))
    assert zoom.calls == []


def test_a_lease_that_a_killed_worker_left_is_taken_over_when_it_ends(
    host: User, zoom: FakeZoom
) -> None:
    made = connection(host, zoom, expires_at=NOW, lease_until=NOW, lease_holder="killed")
    tokens.access_token(made.id, now=NOW)
    assert zoom.calls == ["refresh"]
    assert now_of(made).lease_holder is None


@pytest.mark.parametrize("status", [ConnectionStatus.INACTIVE, ConnectionStatus.NEEDS_RECONNECT])
def test_a_connection_that_is_not_active_gives_no_token(
    host: User, zoom: FakeZoom, status: ConnectionStatus
) -> None:
    made = connection(host, zoom, status=status)
    with pytest.raises(ConnectionRevoked):
        tokens.access_token(made.id, now=NOW)
    with pytest.raises(ConnectionRevoked):
        tokens.access_token(made.id + 1, now=NOW)
    assert zoom.calls == []


def test_a_refresh_that_ends_after_a_disconnect_writes_nothing_and_revokes_what_it_got(
    host: User, zoom: FakeZoom
) -> None:
    made = expired(connection(host, zoom), zoom)
    gone = {"status": ConnectionStatus.INACTIVE, "generation": 2, **seals.NOTHING}
    zoom.during("refresh", changed(made, **gone))
    with pytest.raises(ConnectionRevoked):
        tokens.access_token(made.id, now=NOW)
    now_of(made)
    assert (made.access_token_sealed, made.refresh_token_sealed) == (None, None)
    assert zoom.calls == ["refresh", "revoke"]
    assert zoom.living(JILL) == []


def test_it_does_not_revoke_what_a_newer_connection_uses(host: User, zoom: FakeZoom) -> None:
    made = expired(connection(host, zoom, connected_at=NOW - timedelta(days=3)), zoom)
    grant = zoom.grants[0]
    newer = connection(factories.host(another=True), zoom)
    grant.lives = True
    zoom.during("refresh", changed(made, status=ConnectionStatus.INACTIVE))
    with pytest.raises(ConnectionRevoked):
        tokens.access_token(made.id, now=NOW)
    assert zoom.calls == ["refresh"]
    assert now_of(newer).is_active


def test_a_missing_key_is_the_operators_matter_and_ends_no_grant(
    app: Flask, host: User, zoom: FakeZoom
) -> None:
    made = connection(host, zoom)
    app.extensions["keys"] = KeyRing([b"x" * 32])
    with pytest.raises(ProviderUnavailable):
        me(made)
    assert db.session.get(Alarm, KEYS_MISSING) is not None
    assert now_of(made).is_active
    assert tokens.label(made) is None


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
