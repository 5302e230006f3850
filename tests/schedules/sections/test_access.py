"""Who may book, when it counts, and until when bookers may change it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Schedule, Visibility
from tests import factories
from tests.public.pages import soup, text
from tests.schedules.test_routes import TYPED

AsHost = Callable[..., FlaskClient]
NEW = "/dashboard/schedules/new"


def test_what_was_typed_is_stored_and_shown_again(app: Flask, as_host: AsHost) -> None:
    client = as_host(factories.host())
    typed = {
        "visibility": "by_link",
        "needs_approval": "y",
        "answer": "3",
        "answer_unit": "days",
        "confirms_email": "y",
        "reschedule_notice": "36",
        "reschedule_notice_unit": "hours",
        "cancel_notice": "0",
        "cancel_notice_unit": "hours",
    }
    assert client.post(NEW, data=TYPED | typed).status_code == 303
    made = db.session.query(Schedule).one()
    assert made.visibility is Visibility.BY_LINK
    assert (made.needs_approval, made.confirms_email, made.answer_minutes) == (True, True, 4320)
    assert (made.reschedule_notice_minutes, made.cancel_notice_minutes) == (2160, 0)
    page = soup(client.get(f"/dashboard/schedules/{made.id}"))
    numbers = {
        str(one["name"]): one["value"] for one in page.select("#schedule-form [type=number]")
    }
    assert numbers["answer"] == "3"
    assert (numbers["reschedule_notice"], numbers["cancel_notice"]) == ("36", "0")
    assert page.select_one("input[value=by_link][checked]")


def test_without_cut_offs_and_questions_everything_is_as_before(
    app: Flask, as_host: AsHost
) -> None:
    assert as_host(factories.host()).post(NEW, data=TYPED).status_code == 303
    made = db.session.query(Schedule).one()
    assert (made.visibility, made.needs_approval, made.confirms_email, made.answer_minutes) == (
        Visibility.LISTED,
        False,
        False,
        2880,
    )
    assert (made.reschedule_notice_minutes, made.cancel_notice_minutes) == (None, None)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"visibility": "everyone"}, "Not a valid choice"),
        ({"visibility": ""}, "Choose who can book."),
        ({"needs_approval": "y", "answer": ""}, "Enter how long a request waits for you"),
        ({"answer": "5", "answer_unit": "minutes"}, "Enter 15 minutes to 30 days"),
        ({"answer": "31", "answer_unit": "days"}, "Enter 15 minutes to 30 days"),
        ({"answer": "soon"}, "Enter a whole number from 1 to"),
        ({"cancel_notice": "91", "cancel_notice_unit": "days"}, "Enter at most 90 days."),
        ({"reschedule_notice": "-1"}, "Enter a whole number from 0 to"),
        ({"reschedule_notice": "99999999999999999999"}, "Enter a whole number from 0 to"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stored(
    app: Flask, as_host: AsHost, typed: dict[str, Any], words: str
) -> None:
    units = dict.fromkeys(("answer_unit", "reschedule_notice_unit", "cancel_notice_unit"), "hours")
    answer = as_host(factories.host()).post(NEW, data=TYPED | units | typed)
    assert answer.status_code == 422
    assert words in text(answer)
    assert db.session.query(Schedule).count() == 0
