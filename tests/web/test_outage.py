"""The database takes nothing for a while: people are told, and what they typed isn't lost."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from bookme.extensions import db
from bookme.models import Attendee
from bookme.web.htmx import SHOW
from tests import factories
from tests.public.pages import book, text

#: Milliseconds instead of the 15 seconds that a writer waits for another.
_PATIENCE = 20


@pytest.fixture
def locked(app: Flask) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Somebody else holds SQLite's one write lock for the length of a block."""
    impatient = lambda connection, _: connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}")  # noqa: E731
    db.session.rollback()
    db.engine.dispose()
    sa.event.listen(db.engine, "connect", impatient)

    @contextmanager
    def hold() -> Iterator[None]:
        db.session.rollback()
        writer = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            writer.close()
            db.session.rollback()

    yield hold
    sa.event.remove(db.engine, "connect", impatient)
    db.session.rollback()
    db.engine.dispose()


def test_a_booking_that_could_not_be_saved_is_sent_again_by_one_button(
    client: FlaskClient, locked: Callable[[], AbstractContextManager[None]]
) -> None:
    factories.schedule()
    typed = {"notes": 'Quotes "here" & <there>\nand a second line', "name": "Ana  Costa"}
    with locked():
        answer = book(client, **typed)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "We’ve kept what you typed." in text(answer)
    form = BeautifulSoup(answer.text, "html.parser").select_one("main form")
    assert form is not None
    kept = {str(one["name"]): str(one["value"]) for one in form.select("input")}
    assert kept.items() >= typed.items()
    assert form["action"] == "/mara/intro/book"
    for _press in range(2):
        assert client.post(str(form["action"]), data=kept).status_code == 303
    (booker,) = db.session.scalars(sa.select(Attendee)).all()
    assert booker.name.split() == ["Ana", "Costa"]


def test_with_htmx_the_form_stays_on_its_page(
    htmx: FlaskClient, locked: Callable[[], AbstractContextManager[None]]
) -> None:
    factories.schedule()
    with locked():
        answer = book(htmx)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.headers[SHOW] == "yes"
    assert "what you typed is still here" in text(answer)


def fail() -> None:
    raise OperationalError("", {}, Exception())


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    """The database is away before anybody has looked what was asked for."""
    app.before_request_funcs[None].append(fail)
    return app.test_client()


@pytest.mark.parametrize("field", ["password", "new_password", "code"])
def test_no_secret_is_repeated_on_a_page(failing: FlaskClient, field: str) -> None:
    answer = failing.post("/sign-in", data={"email": "mara@example.com", field: "s3cret"})
    assert answer.status_code == 503
    assert "s3cret" not in answer.text
    assert "reload the page" in text(answer)


def test_the_button_never_leads_to_another_site(failing: FlaskClient) -> None:
    path = {"PATH_INFO": "//fail.example/now", "QUERY_STRING": "a=1&b=2"}
    answer = failing.post("/", data={"name": "Ana"}, environ_overrides=path)
    form = BeautifulSoup(answer.text, "html.parser").select_one("main form")
    assert answer.status_code == 503
    assert form is not None
    assert form["action"] == "/fail.example/now?a=1&b=2"
