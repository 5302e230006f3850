"""A database for the bench: hosts, their schedules and their bookings."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from bookme import create_app
from bookme.accounts import sessions
from bookme.clock import utcnow
from bookme.crypto import new_key, new_token
from bookme.extensions import db
from bookme.models import Attendee, Booking, Hold, Schedule, User
from tests import factories

OFFICE_HOURS = [[[540, 1020]]] * 5 + [[], []]
ALWAYS = [[[0, 1440]]] * 7
#: Rows that one statement inserts.
_AT_ONCE = 5000


def environment(folder: Path) -> dict[str, str]:
    """Settings for one application on SQLite in a folder of its own."""
    return {
        **os.environ,
        "STATE_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'bookme.sqlite'}",
        "SECRET_KEY": new_key(),
        "TOKEN_KEYS": new_key(),
        "REDIS_URL": "redis://localhost:1/0",  # none: the sweep would find what is due
        "RATE_LIMITS": "off",
    }


def application(environ: dict[str, str]) -> Flask:
    """BookMe on these settings, in this process too, its database migrated."""
    os.environ.update(environ)
    app = create_app()
    with app.app_context():
        sa.event.listen(db.engine, "connect", _careless)
        upgrade()
    return app


def _careless(connection: Any, _record: Any) -> None:
    """What is filled in here need not wait for the disk; what is measured does."""
    connection.execute("PRAGMA synchronous = OFF").close()


def hosts(number: int, bookings: int = 20, **columns: Any) -> list[Schedule]:
    """Hosts with a schedule each that is open in office hours for 60 days, and bookings ahead."""
    made = []
    for _ in range(number):
        settings = {"week": OFFICE_HOURS, "zone": "Europe/Berlin"} | columns
        made.append(factories.schedule(host=factories.host(another=True), **settings))
    for schedule in made:
        book(schedule, [in_office(number) for number in range(bookings)])
    return made


def in_office(number: int) -> datetime:
    """A time ahead, of two a day."""
    return midnight() + timedelta(days=1 + number // 2, hours=9 + number % 2)


def midnight() -> datetime:
    """The last one, in UTC."""
    return utcnow().replace(hour=0, minute=0, second=0, microsecond=0)


def book(schedule: Schedule, starts: list[datetime]) -> list[str]:
    """Bookings at these times, a few statements for thousands; their tokens."""
    if not starts:
        return []
    first = factories.booking(schedule=schedule, starts_at=starts[0])
    tokens = [first.token]
    patterns = [_pattern(Booking, Booking.id, first.id)]
    patterns += [_pattern(kind, kind.booking_id, first.id) for kind in (Attendee, Hold)]
    for begin in range(1, len(starts), _AT_ONCE):
        tokens += _insert(patterns, starts[begin : begin + _AT_ONCE])
    db.session.commit()
    return tokens


def _pattern(model: Any, column: Any, booking_id: int) -> tuple[Any, dict[str, Any]]:
    table = model.__table__
    row = db.session.execute(sa.select(table).where(column == booking_id)).mappings().one()
    return model, {name: value for name, value in row.items() if name != "id"}


def _insert(patterns: list[tuple[Any, dict[str, Any]]], starts: list[datetime]) -> list[str]:
    (model, booking), *others = patterns
    length = booking["ends_at"] - booking["starts_at"]
    times = [{"starts_at": at, "ends_at": at + length} for at in starts]
    rows = [
        booking | at | {"reference": uuid4().hex, "token": new_token(), "form_digest": None}
        for at in times
    ]
    ids = db.session.scalars(
        sa.insert(model.__table__).returning(model.__table__.c.id, sort_by_parameter_order=True),
        rows,
    ).all()
    for kind, pattern in others:
        spans = times if "starts_at" in pattern else [{}] * len(times)
        people = [{"email": f"ana{one}@example.com"} if "email" in pattern else {} for one in ids]
        db.session.execute(
            sa.insert(kind.__table__),
            [
                pattern | span | who | {"booking_id": one}
                for one, span, who in zip(ids, spans, people, strict=True)
            ],
        )
    return [row["token"] for row in rows]


def signed_in(app: Flask, host: User) -> str:
    """The cookie of a browser in which a host is signed in and has seen a page with a form."""
    _, token = sessions.begin(host, "Firefox on Linux", now=utcnow())
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["sid"] = token
    assert client.get("/dashboard").status_code == 200
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return f"{found.key}={found.value}"


def path_of(schedule: Schedule) -> str:
    """Its public page."""
    return f"/{schedule.host.handle}/{schedule.slug}"


def let_go() -> None:
    """Keep no connection: processes that are forked begin with none."""
    db.session.remove()
    db.engine.dispose()


def endless(one: Any) -> Iterator[Any]:
    """The same again and again."""
    while True:
        yield one
