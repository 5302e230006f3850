"""Rate limits of the account pages, and the rules all limits share."""

import logging
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import addresses
from bookme.extensions import limiter
from bookme.web import limits
from tests import factories
from tests.accounts import steps
from tests.factories import NOW, PASSWORD


def tries(client: FlaskClient, path: str, forms: list[dict[str, str]]) -> list[int]:
    return [client.post(path, data=form).status_code for form in forms]


def emails(number: int) -> list[dict[str, str]]:
    return [{"email": f"{index}@example.com"} for index in range(number)]


@pytest.mark.parametrize(
    ("path", "per_address", "per_email"),
    [("/sign-in", 60, 10), ("/sign-up", 10, 3), ("/forgot-password", 10, 3)],
)
def test_an_address_and_an_email_have_their_limits(
    app: Flask, client: FlaskClient, path: str, per_address: int, per_email: int
) -> None:
    same = [{"email": "Mara@example.com "}, {"email": "mara@EXAMPLE.com"}] * per_email
    assert tries(client, path, same).index(429) == per_email
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        assert tries(client, path, emails(per_address + 1)).index(429) == per_address
        elsewhere = app.test_client()
        elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.9"
        assert 429 not in tries(elsewhere, path, emails(1))


#: The same address as people and programs may write it: with marks of direction that nobody sees,
#: in other letters, with other dots.
SPELLINGS = [
    "mara@example.com",
    " MARA@Example.COM",
    "\u202dmara@example.com",
    "ma\u2066ra\u2069@example.com",
    "mara@\uff45xample.com",
    "mara@\uff45\uff58\uff41\uff4dple.com",
    "mara@example\u3002com",
    "mara\0@example.com",
]


@pytest.mark.parametrize(
    ("path", "field", "most"),
    [
        ("/sign-in", "email", 10),
        ("/sign-up", "email", 3),
        ("/forgot-password", "email", 3),
        ("/account/email", "new_email", 3),
        ("/connections/icloud/password", "username", 20),
        ("/mara/intro/book", "email", 10),
    ],
)
def test_an_account_has_one_counter_however_its_address_is_spelt(
    app: Flask, client: FlaskClient, path: str, field: str, most: int
) -> None:
    factories.schedule()
    steps.sign_in(client, "mara@example.com", PASSWORD)
    if path == "/sign-in":
        most -= 1
    answers = tries(client, path, [{field: one} for one in SPELLINGS * 3])
    assert answers.index(429) == most


def test_all_spellings_are_one_address() -> None:
    assert {addresses.folded(one) for one in SPELLINGS} == {"mara@example.com"}


def test_a_refusal_has_a_page_and_says_when_to_come_back(app: Flask, client: FlaskClient) -> None:
    factories.host()
    for _ in range(10):
        steps.sign_in(client, "mara@example.com", "wrong")
    answer = steps.sign_in(client, "mara@example.com")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "Too many tries" in answer.text
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert steps.sign_in(client, "mara@example.com").status_code == 303


def test_looking_at_a_form_is_not_limited(app: Flask, client: FlaskClient) -> None:
    assert {client.get("/sign-up").status_code for _ in range(70)} == {200}


def test_the_store_is_told_no_address(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(11):
        steps.sign_in(client, "mara@example.com", "wrong")
    kept = " ".join(limiter.storage.storage) + caplog.text  # type: ignore[attr-defined]
    assert "sign_in" in kept
    assert "mara" not in kept
    assert "127.0.0.1" not in kept


def test_without_redis_nothing_is_limited(app: Flask, client: FlaskClient) -> None:
    app.extensions["redis_pool"].trip()
    assert 429 not in tries(client, "/sign-up", emails(12))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("", "", True),
    ],
)
def test_a_visitor_is_an_address_or_a_network_of_ipv6(one: str, other: str, same: bool) -> None:
    assert (limits._network(one) == limits._network(other)) is same
