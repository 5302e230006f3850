"""Rate limits of the account pages, and the rules all limits share."""

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
    ("path", "per_address"), [("/sign-in", 60), ("/sign-up", 10), ("/forgot-password", 10)]
)
def test_a_network_address_has_its_limit(
    app: Flask, client: FlaskClient, path: str, per_address: int
) -> None:
    assert tries(client, path, [{"email": "x"}] * (per_address + 1)).index(429) == per_address
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert 429 not in tries(elsewhere, path, [{"email": "x"}])


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


#: What else each form asks for.
OTHER_FIELDS = {"name": "Nora Berg", "password": "wrong password"}


@pytest.mark.parametrize(
    ("path", "field", "most"),
    [
        ("/sign-in", "email", 10),
        ("/sign-up", "email", 3),
        ("/forgot-password", "email", 3),
        ("/account/email", "new_email", 3),
        ("/connections/icloud/password", "username", 20),
    ],
)
def test_an_account_has_one_counter_however_its_address_is_spelt(
    app: Flask, client: FlaskClient, path: str, field: str, most: int
) -> None:
    factories.schedule()
    if path.startswith(("/account", "/connections")):
        steps.sign_in(client, "mara@example.com", PASSWORD)
    answers = tries(client, path, [OTHER_FIELDS | {field: one} for one in SPELLINGS[:-1] * 4])
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


def test_what_is_counted_holds_without_redis(app: Flask, client: FlaskClient) -> None:
    app.extensions["redis_pool"].trip()
    assert 429 in tries(client, "/sign-up", emails(12))


def test_the_store_is_told_no_address(app: Flask, client: FlaskClient) -> None:
    factories.host()
    client.get("/images/mara/card.png")
    kept = " ".join(limiter.storage.storage)  # type: ignore[attr-defined]
    assert "host_card" in kept
    assert "127.0.0.1" not in kept


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
    assert (limits.network_of(one) == limits.network_of(other)) is same
