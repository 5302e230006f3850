"""Tokens for whoever talks to Zoom."""

from datetime import timedelta
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from bookme import waits
from bookme.connections.grants import seals, tokens
from bookme.connections.grants.alarms import KEYS_MISSING
from bookme.connections.grants.budget import Budget
from bookme.crypto import KeyRing
from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    ProviderUnavailable,
)
from bookme.extensions import db
from bookme.models import Alarm, Connection, ConnectionStatus, Problem, User
from bookme.providers.http.grant import Grant
from tests import factories
from tests.answers import says
from tests.conftest import NOW
from tests.connections.making import connection, expired, letters, now_of
from tests.fake_zoom import JILL, FakeZoom


def changed(made: Connection, **values: Any) -> sa.Update:
    return sa.update(Connection).where(Connection.id == made.id).values(**values)


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
    assert (letters(), zoom.calls) == ([("connection_lost", host.id)], ["refresh"])
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
    until = NOW + waits.REFRESH_LEASE
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


def test_a_pair_whose_generation_has_moved_on_is_not_stored(host: User, zoom: FakeZoom) -> None:
    made = expired(connection(host, zoom), zoom)
    renewed = seals.pair(made.seal_id, Grant("newer", "newer still", 3600, frozenset()), now=NOW)
    zoom.during("refresh", changed(made, generation=2, **renewed))
    assert tokens.access_token(made.id, now=NOW) == "newer"
    assert now_of(made).generation == 2
    assert seals.refresh_token(made.seal_id, made.refresh_token_sealed or b"") == "newer still"


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
        tokens.access_token(made.id, now=NOW)
    assert db.session.get(Alarm, KEYS_MISSING) is not None
    assert now_of(made).is_active
    assert tokens.label(made) is None
