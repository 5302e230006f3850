"""Hashing passwords is costly, so only so much of it happens at once."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.accounts import passwords
from bookme.errors import Busy
from bookme.models import User
from tests.accounts import steps
from tests.factories import PASSWORD
from tests.public.pages import text


class Slow:
    """A hasher that waits, and knows how many are at it."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.lock = threading.Lock()
        self.go_on = threading.Event()

    def hash(self, _password: str) -> str:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.go_on.wait(0.5)
        with self.lock:
            self.now -= 1
        return "hash"


def test_two_are_hashed_at_a_time_and_few_wait(app: Flask) -> None:
    slow = app.config["PASSWORD_HASHER"] = Slow()

    def one(_number: int) -> str:
        with app.app_context():
            try:
                return passwords.hash_password("correct horse")
            except Busy:
                return "busy"

    with ThreadPoolExecutor(8) as pool:
        said = Counter(pool.map(one, range(8)))
    assert slow.most == passwords.AT_ONCE
    assert said == {"hash": passwords.AT_ONCE + passwords.WAITING, "busy": 5}
    assert passwords.hash_password("again") == "hash"


@pytest.fixture
def _busy() -> Iterator[None]:
    places = [passwords._places.acquire(blocking=False) for _ in range(3)]
    assert all(places)
    yield
    for _ in places:
        passwords._places.release()


@pytest.mark.usefixtures("_busy")
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-in", {"email": "mara@example.com", "password": PASSWORD}),
        ("/sign-up", {"name": "Nora", "email": "mara@example.com", "password": PASSWORD}),
        ("/forgot-password", {"email": "mara@example.com"}),
    ],
)
def test_who_comes_beyond_that_keeps_what_was_typed(
    client: FlaskClient, host: User, path: str, form: dict[str, str]
) -> None:
    answer = client.post(path, data=form)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "try again in a moment" in text(answer)
    assert 'value="mara@example.com"' in answer.text
    assert PASSWORD not in answer.text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/password", {"current_password": PASSWORD, "new_password": "another horse yet"}),
        ("/account/email", {"new_email": "nora@example.com", "password": PASSWORD}),
        ("/account/delete", {"password": PASSWORD}),
    ],
)
def test_in_an_account_too(
    client: FlaskClient, host: User, path: str, form: dict[str, str], request: pytest.FixtureRequest
) -> None:
    steps.sign_in(client, "mara@example.com")
    request.getfixturevalue("_busy")
    answer = client.post(path, data=form)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert PASSWORD not in answer.text


def test_links_of_mails_too(
    app: Flask, client: FlaskClient, request: pytest.FixtureRequest
) -> None:
    steps.sign_up(client)
    confirm = steps.path_in("confirm_email")
    client.post("/forgot-password", data={"email": "nora@example.com"})
    reset = steps.path_in("reset_password")
    request.getfixturevalue("_busy")
    for path in (confirm, reset):
        answer = app.test_client().post(path, data={"password": "another horse yet"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
