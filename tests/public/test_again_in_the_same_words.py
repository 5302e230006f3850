"""A request in the very words of an earlier one is answered before Flask begins with it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.datastructures import EnvironHeaders
from werkzeug.test import EnvironBuilder, TestResponse

from bookme.extensions import db
from bookme.models import Schedule
from bookme.public.again import ASKED
from bookme.public.kept import Pages
from bookme.web.page_classes import Page, page_class
from bookme.web.watching import ENDPOINT
from tests import factories
from tests.public.test_kept import PAGE, READERS
from tests.statements import statements

#: What the server says of itself and of the connection. Addresses are made of PUBLIC_URL, and
#: nobody is counted who only looks.
_OF_THE_SERVER = {"REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "REMOTE_ADDR"}
#: What the request is called in the log; each answer says its own.
_OF_THE_SERVER |= {"HTTP_X_REQUEST_ID"}
_OF_WSGI = ("wsgi.", "werkzeug.", "bookme.")


@pytest.fixture(autouse=True)
def schedule(app: Flask) -> Schedule:
    app.extensions["kept_pages"] = Pages()
    made: Schedule = factories.schedule(durations=[15, 30])
    factories.schedule(host=made.host, slug="short")
    return made


@pytest.fixture
def flask_saw(app: Flask) -> Iterator[list[str]]:
    """The paths of requests that came to Flask."""
    paths: list[str] = []
    app.before_request_funcs.setdefault(None, []).append(lambda: paths.append(request.path))
    yield paths
    app.before_request_funcs[None].pop()


class Noted(dict[str, Any]):
    """A request's variables, of which one sees which were read."""

    def __init__(self, *of: Any) -> None:
        super().__init__(*of)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, otherwise: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, otherwise)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self.read.add("all of them")
        return super().__iter__()

    def items(self) -> Any:
        self.read.add("all of them")
        return super().items()


@pytest.mark.parametrize(("path", "headers"), READERS)
def test_a_kept_page_looks_at_nothing_that_does_not_tell_requests_apart(
    app: Flask, monkeypatch: pytest.MonkeyPatch, path: str, headers: dict[str, str]
) -> None:
    # As they come from a server: one value of each. Its own way reads all to find one.
    monkeypatch.setattr(
        EnvironHeaders, "getlist", lambda self, name: list(filter(None, [self.get(name)]))
    )
    environ = Noted(EnvironBuilder(path, headers=headers).get_environ())
    begun: list[str] = []
    body = app(environ, lambda status, *_: begun.append(status))  # type: ignore[arg-type]
    assert (begun, bool(list(body))) == (["200 OK"], True)
    read = {name for name in environ.read if not name.startswith(_OF_WSGI)}
    assert read - _OF_THE_SERVER <= set(ASKED)
    assert app.extensions["kept_pages"].answers.size > 0


def _headers(answer: TestResponse) -> dict[str, str]:
    """All but the request's own."""
    return {name: value for name, value in answer.headers if name != "X-Request-Id"}


def test_flask_does_not_see_the_same_words_again(client: FlaskClient, flask_saw: list[str]) -> None:
    first = client.get(PAGE)
    with statements() as said:
        again = client.get(PAGE)
    assert again.data == first.data
    assert _headers(again) == _headers(first)
    assert (flask_saw, len(said)) == ([PAGE], 1)


def test_what_is_answered_is_counted_with_its_page(app: Flask, client: FlaskClient) -> None:
    client.get(PAGE)
    environ = EnvironBuilder(PAGE).get_environ()
    again = {name: environ[name] for name in environ if name != "werkzeug.request"}
    assert list(app(again, lambda *_: print))  # type: ignore[arg-type, return-value]
    assert "werkzeug.request" not in again
    assert page_class(again[ENDPOINT]) is Page.PUBLIC


def test_a_version_or_a_minute_later_it_does(
    client: FlaskClient, schedule: Schedule, flask_saw: list[str]
) -> None:
    with time_machine.travel(factories.NOW, tick=False) as clock:
        client.get(PAGE)
        clock.shift(timedelta(minutes=1))
        client.get(PAGE)
        schedule.title = "Another title"
        db.session.add(schedule)
        db.session.commit()
        assert "Another title" in client.get(PAGE).text
    assert flask_saw == [PAGE] * 3


def test_a_browser_that_has_the_page_is_told_so_in_the_same_way(
    client: FlaskClient, flask_saw: list[str]
) -> None:
    tag = {"If-None-Match": client.get(PAGE).headers["ETag"]}
    for _ in range(2):
        found = client.get(PAGE, headers=tag)
        assert (found.status_code, found.data) == (304, b"")
    assert len(flask_saw) == 2


def test_no_cookie_is_given_again(client: FlaskClient, flask_saw: list[str]) -> None:
    for _ in range(2):
        assert "Set-Cookie" in client.get(f"{PAGE}?language=en").headers
        client.delete_cookie("language")
    assert len(flask_saw) == 2


@pytest.mark.parametrize("query", ["name=Ana", "utm_source=mail", "link=x"])
def test_no_page_of_somebody_is_given_again(
    client: FlaskClient, flask_saw: list[str], query: str
) -> None:
    for _ in range(2):
        client.get(f"{PAGE}?{query}")
    assert len(flask_saw) == 2


def test_while_the_database_does_not_answer_the_page_has_its_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, flask_saw: list[str]
) -> None:
    client.get(PAGE)
    db.session.connection().exec_driver_sql("ALTER TABLE host_version RENAME TO gone")
    db.session.commit()
    assert client.get(PAGE).status_code >= 500
    assert len(flask_saw) == 2
