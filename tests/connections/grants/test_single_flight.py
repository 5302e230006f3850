"""A hundred jobs at once want a token that has run out: one call, on a real wire."""

import json
import socket
import threading

import pytest
from flask import Flask

from bookme.connections.grants import tokens
from bookme.connections.grants.budget import Budget
from bookme.errors import ProviderUnavailable
from bookme.extensions import db
from bookme.models import User
from tests.conftest import NOW
from tests.connections.making import connection, expired, rows
from tests.contracts import FIXTURES
from tests.fake_zoom import FakeZoom
from tests.patience import wait_until
from tests.wire import PATIENCE, Script, serve

CALLERS = 100


def http(status: int, body: object) -> bytes:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} x\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    return head.encode() + content


def answers_late(answer: bytes, everybody_asks: threading.Event) -> Script:
    """Keep the first caller waiting until the others are there too."""

    def script(caller: socket.socket, over: threading.Event) -> None:
        everybody_asks.wait(PATIENCE)
        caller.sendall(answer)

    return script


class Crowd:
    """Threads that ask for a token of one connection at once."""

    def __init__(self, app: Flask, connection_id: int) -> None:
        self.got: list[str] = []
        self.failed: list[Exception] = []
        self.everybody_asks = threading.Event()
        self._gate = threading.Barrier(CALLERS, action=self.everybody_asks.set)
        self._app, self.connection_id = app, connection_id

    def ask(self) -> None:
        threads = [threading.Thread(target=self._ask) for _ in range(CALLERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

    def _ask(self) -> None:
        with self._app.app_context():
            self._gate.wait(PATIENCE)
            try:
                self.got.append(tokens.access_token(self.connection_id, now=NOW))
            except Exception as error:
                self.failed.append(error)
            finally:
                db.session.remove()


def generation_of(host: User) -> int:
    generation = rows(host)[0].generation
    db.session.rollback()  # SQLite's other writers must get in
    return generation


@pytest.fixture
def crowd(app: Flask, host: User, zoom: FakeZoom) -> Crowd:
    connection_id = expired(connection(host, zoom), zoom).id
    db.session.rollback()
    zoom.mock.stop(allow_assert=False)  # from here on the wire is real
    return Crowd(app, connection_id)


def test_a_hundred_callers_make_one_refresh(app: Flask, host: User, crowd: Crowd) -> None:
    pair = {"access_token": "AT-new", "refresh_token": "RT-new"}
    answer = http(200, {**FIXTURES["zoom"]["token_ok"]["body"], **pair})
    with serve(answers_late(answer, crowd.everybody_asks)) as server:
        app.config["ZOOM_OAUTH_URL"] = server.url
        crowd.ask()
    assert crowd.failed == []
    assert crowd.got == ["AT-new"] * CALLERS
    assert len(server.requests) == 1
    assert rows(host)[0].generation == 2


def test_a_refresh_that_failed_is_not_repeated_by_everybody_who_waited(
    app: Flask, host: User, crowd: Crowd
) -> None:
    with serve(answers_late(http(503, {}), crowd.everybody_asks)) as server:
        app.config["ZOOM_OAUTH_URL"] = server.url
        crowd.ask()
    assert len(crowd.failed) == CALLERS
    assert {type(error) for error in crowd.failed} == {ProviderUnavailable}
    assert len(server.requests) == 1
    assert rows(host)[0].is_active


def test_a_refresh_goes_on_when_a_host_cannot_wait_for_it_any_longer(
    app: Flask, host: User, crowd: Crowd
) -> None:
    pair = {"access_token": "AT-new", "refresh_token": "RT-new"}
    answer = http(200, {**FIXTURES["zoom"]["token_ok"]["body"], **pair})
    late = threading.Event()
    with serve(answers_late(answer, late)) as server:
        app.config["ZOOM_OAUTH_URL"] = server.url
        with pytest.raises(ProviderUnavailable):
            tokens.access_token(crowd.connection_id, now=NOW, budget=Budget(0.3))
        late.set()
        wait_until(lambda: generation_of(host) == 2, "the new pair")
    assert tokens.access_token(crowd.connection_id, now=NOW) == "AT-new"
