"""Taking one's data along."""

import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.connections.grants import seals
from bookme.export.service import COLUMNS
from bookme.extensions import db
from bookme.face.service import set_picture
from bookme.models import Connection, ConnectionStatus, User
from bookme.providers.http.grant import Grant
from bookme.providers.video import Account
from bookme.running.furnishing.portrait import portrait
from tests import factories
from tests.factories import NOW

AsHost = Callable[..., FlaskClient]
GRANT = Grant("access-secret", "refresh-secret", 3600, frozenset({"user:read:user"}))
ZOOM = Account(
    user_id="zoom-user", account_id="zoom-account", label="mara@zoom", plan="pro", status="active"
)

_WORDS = """
feed_epoch set_up_step opening_hours_id rule_id email_id
    id user_id host_id schedule_id booking_id attendee_id seal_id
    password_hash epoch token token_hash form_digest dedupe_key user_digest sent
    label_sealed user_id_sealed account_id_sealed access_token_sealed refresh_token_sealed
    due_at lease_until lease_holder queued_at closing_at sequence sequence_digest revision
    attempts attempted_at look_again_at next_attempt_at trouble blocked_until calls_after
    expires_at generation checked_at facts maybe_sent problem
    connection_id may_write read_until read_after visited_at failing_since told_failing_at
    not_before shown_sealed told_closed_at to_sealed unclear_count unclear_sealed
    calendar_id etag attempt link_after sought_at digest small large
    proven_at session_id secret_sealed last_step user_handle credential_id public_key sign_count
    transports code_hash key forgotten
"""
#: Columns that stay behind: secrets, keys between rows, and what only jobs need.
LEFT_BEHIND = set(_WORDS.split())
#: Said with the people, and what its sync looks up beside it.
LEFT_BEHIND |= {"missed", "had_meeting", "calendars"}


def connect(host: User) -> None:
    columns = seals.pair("seal", GRANT, now=NOW) | seals.account("seal", "zoom", ZOOM)
    columns |= {"host": host, "provider": "zoom", "status": ConnectionStatus.ACTIVE}
    db.session.add(Connection(seal_id="seal", connected_at=NOW, generation=1, **columns))
    db.session.commit()


def exported(browser: FlaskClient) -> dict[str, Any]:
    answer = browser.get("/account/export")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bookme.json"'
    found: dict[str, Any] = json.loads(answer.text)
    return found


def test_everything_of_the_host_is_in_one_file(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(video_provider="zoom")
    connect(booking.host)
    owe(booking, MessageKind.BOOKED, now=NOW)
    db.session.commit()
    found = exported(as_host(booking.host))
    assert found["profile"]["email"] == "mara@example.com"
    assert [row["label"] for row in found["sessions"]] == ["Firefox on Linux"]
    assert [row["slug"] for row in found["schedules"]] == ["intro"]
    assert [(row["account"], row["plan"]) for row in found["connections"]] == [("mara@zoom", "pro")]
    [taken] = found["bookings"]
    assert taken["starts_at"] == "2027-03-02T09:00:00+00:00"
    assert [person["email"] for person in taken["people"]] == ["ana@example.com"]
    assert taken["meeting"]["provider"] == "zoom"
    assert [message["kind"] for message in taken["messages"]] == ["booked", "booked"]


def test_no_secret_is_in_it(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking()
    connect(booking.host)
    text = json.dumps(exported(as_host(booking.host)))
    assert booking.token not in text
    assert booking.host.password_hash not in text
    for secret in ("access-secret", "refresh-secret", "zoom-user", "zoom-account", "sealed"):
        assert secret not in text


def test_nothing_of_another_host_is_in_it(app: Flask, as_host: AsHost) -> None:
    factories.booking()
    found = exported(as_host(factories.host(another=True)))
    assert [found[name] for name in ("schedules", "connections", "bookings")] == [[], [], []]
    assert "ana@example.com" not in json.dumps(found)


def test_every_column_is_given_or_left_behind_on_purpose() -> None:
    left = set()
    for model, names in COLUMNS.items():
        columns = {column.key for column in sa.inspect(model).columns}
        given = set(names.split())
        assert given <= columns
        assert columns - given <= LEFT_BEHIND, f"{model.__name__}: is it the host's data?"
        left |= columns - given
    assert left == LEFT_BEHIND


def test_the_cost_does_not_grow_with_the_bookings(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    browser, counts = as_host(schedule.host), []
    for hour in (1, 2, 3, 4):
        factories.booking(schedule=schedule, starts_at=NOW.replace(hour=8 + hour))
        statements: list[str] = []
        listener = _counting(statements)
        sa.event.listen(db.engine, "before_cursor_execute", listener)
        assert len(exported(browser)["bookings"]) == hour
        sa.event.remove(db.engine, "before_cursor_execute", listener)
        counts.append(len(statements))
    assert len(set(counts)) == 1


def _counting(statements: list[str]) -> Callable[..., None]:
    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    return listen


def test_the_picture_is_taken_along(app: Flask, as_host: AsHost) -> None:
    host = factories.host()
    assert exported(as_host(host))["picture"] is None
    set_picture(host, portrait(), now=NOW)
    db.session.commit()
    found = exported(as_host(host))["picture"]
    assert b64decode(found["jpeg"]) == portrait().large
