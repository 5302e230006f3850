"""What the details form says and where it begins."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Question, QuestionKind, Schedule
from tests import factories
from tests.public.pages import book, link, soup, text

DETAILS = "/mara/intro/book?at=2027-03-02T09:00:00Z&zone=Europe/Lisbon"


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    """Of a host in Berlin."""
    made: Schedule = factories.schedule(zone="Europe/Berlin", week=[[[0, 1440]]] * 7)
    return made


def begins(client: FlaskClient, query: str) -> list[str]:
    return [str(one.get("id")) for one in soup(client.get(DETAILS + query)).select("[autofocus]")]


def test_the_time_is_said_in_the_host_s_zone_too(client: FlaskClient, schedule: Schedule) -> None:
    assert "For Mara Lindqvist it’s 10:00–10:30 (Berlin time)." in text(client.get(DETAILS))
    here = DETAILS.replace("Lisbon", "Rome")
    assert "(Berlin time)" not in text(client.get(here)), "whose clock shows the same"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "name"),
        ("&name=Ana", "email"),
        ("&email=ana@example.com", "name"),
        ("&name=Ana&email=ana@example.com", "answer_color-0"),
        ("&name=Ana&email=ana@example.com&color=red", "guests"),
    ],
)
def test_the_cursor_stands_in_the_first_empty_field(
    client: FlaskClient, schedule: Schedule, query: str, field: str
) -> None:
    ask = {"kind": QuestionKind.ONE, "choices": ["red", "blue"], "required": True}
    schedule.questions.append(Question(position=0, name="color", label="Color", **ask))
    db.session.commit()
    assert begins(client, query) == [field]


def test_the_cursor_stands_in_the_first_wrong_field_and_errors_are_said_once(
    client: FlaskClient, schedule: Schedule
) -> None:
    page = soup(book(client, name="", email="ana", notes="a" * 2001))
    assert [one["id"] for one in page.select("[autofocus]")] == ["name"]
    said = page.select_one("[role=alert]")
    assert said is not None
    assert "There are 3 problems." in said.get_text()
    assert [one["href"] for one in said.select("a")] == ["#name", "#email", "#notes"]
    assert page.get_text().count("Enter your name.") == 1


def test_what_is_kept_is_said_with_a_link(client: FlaskClient, schedule: Schedule) -> None:
    assert link(client.get(DETAILS), "What we store, and why") == "/privacy"
