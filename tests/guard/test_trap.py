"""Programs that fill in forms give themselves away; people lose nothing by being quick."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.models import Booking
from tests import factories
from tests.factories import NOW
from tests.public.pages import TYPED, hidden, soup, text

DETAILS = "/mara/intro/book?at=2027-03-02T09:00:00Z"
PROGRAM = "Press the button again"


@pytest.fixture(autouse=True)
def _set(app: Flask) -> None:
    app.config["FORM_SECONDS"] = 2
    factories.schedule()


def count() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Booking)) or 0


def send(client: FlaskClient, form: dict[str, str], seconds: float, **more: str) -> TestResponse:
    with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
        return client.post("/mara/intro/book", data=form | TYPED | more)


def test_a_form_sent_faster_than_a_person_can_has_to_be_sent_again(client: FlaskClient) -> None:
    form = hidden(client.get(DETAILS))
    early = send(client, form, 0.5)
    assert (early.status_code, count()) == (422, 0)
    assert PROGRAM in text(early)
    assert 'value="Ana Costa"' in early.text
    again = send(client, hidden(early), 2.1)
    assert (again.status_code, count()) == (303, 1)


def test_htmx_shows_the_form_again_too(client: FlaskClient, htmx: FlaskClient) -> None:
    early = send(htmx, hidden(client.get(DETAILS)), 0)
    assert (early.status_code, early.headers["BookMe-Show"]) == (422, "yes")
    assert PROGRAM in early.text


def test_a_field_that_no_person_sees_gives_a_program_away(client: FlaskClient) -> None:
    form = hidden(client.get(DETAILS))
    caught = send(client, form, 30, website="https://example.com")
    assert (caught.status_code, count()) == (422, 0)
    field = soup(caught).select_one("input[name=website]")
    assert field is not None
    assert not field.get("value")
    assert send(client, hidden(caught), 31).status_code == 303


def test_the_field_is_hidden_from_everybody(client: FlaskClient) -> None:
    field = soup(client.get(DETAILS)).select_one("input[name=website]")
    assert field is not None
    assert (field["tabindex"], field["autocomplete"]) == ("-1", "off")
    around = field.find_parent("div")
    assert around is not None
    assert around["aria-hidden"] == "true"
    assert around["class"] == ["decoy"]


@pytest.mark.parametrize("age", [timedelta(seconds=3), timedelta(days=30)])
def test_an_old_page_is_as_good_as_a_new_one(client: FlaskClient, age: timedelta) -> None:
    with time_machine.travel(NOW - age, tick=False):
        form = hidden(client.get(DETAILS))
    assert send(client, form, 0).status_code == 303


@pytest.mark.parametrize("opened", ["", "x", "MTIz.bogus"])
def test_a_time_that_isnt_ours_counts_for_nothing(client: FlaskClient, opened: str) -> None:
    form = hidden(client.get(DETAILS)) | {"opened": opened}
    caught = send(client, form, 60)
    assert (caught.status_code, count()) == (422, 0)
    assert send(client, hidden(caught), 63).status_code == 303


def test_who_was_quick_hears_first_what_to_do(client: FlaskClient) -> None:
    early = soup(send(client, hidden(client.get(DETAILS)), 0))
    [begins] = early.select("[autofocus]")
    assert (begins["role"], begins["tabindex"]) == ("alert", "-1")
    assert PROGRAM in begins.get_text()
    wrong = soup(send(client, hidden(client.get(DETAILS)), 0, email="ana"))
    assert [one.get("name") for one in wrong.select("[autofocus]")] == ["email"]


@pytest.mark.parametrize("path", ["/sign-up", "/forgot-password"])
def test_account_forms_have_the_trap_too(client: FlaskClient, path: str) -> None:
    form = hidden(client.get(path)) | {
        "name": "Nora",
        "email": "nora@example.com",
        "password": "correct horse battery",
    }
    assert PROGRAM in text(client.post(path, data=form))
    with time_machine.travel(NOW + timedelta(seconds=5), tick=False):
        assert client.post(path, data=form).status_code == 303
