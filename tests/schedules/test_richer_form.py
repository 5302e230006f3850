"""Questions, guests and what comes after booking, in the editor of a schedule."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.models import QuestionKind, Schedule
from tests import factories
from tests.schedules.test_routes import TYPED

NEW = "/dashboard/schedules/new"
AsHost = Callable[..., FlaskClient]


@pytest.fixture
def mara(app: Flask, as_host: AsHost) -> FlaskClient:
    return as_host(factories.host())


def row(nth: int, label: str, kind: str = "text", **fields: str) -> dict[str, str]:
    given = {"label": label, "kind": kind, **fields}
    return {f"questions-{nth}-{name}": value for name, value in given.items()}


def errors(page: TestResponse) -> list[str]:
    found = BeautifulSoup(page.text, "html.parser").select("p.error")
    return [error.get_text(" ", strip=True) for error in found]


def labels(page: TestResponse) -> list[str]:
    found = BeautifulSoup(page.text, "html.parser").select(".question [name$=-label]")
    return [str(one.get("value", "")) for one in found]


THREE = TYPED | row(0, "A") | row(1, "B", "one", choices="x\ny") | row(2, "C", name="kept")


def test_questions_are_stored_as_typed_and_shown_again(mara: FlaskClient) -> None:
    tick = row(7, "Terms", "tick", help="Read them.")
    assert mara.post(NEW, data=THREE | tick | row(9, "")).status_code == 303
    made = db.session.query(Schedule).one()
    assert [(one.label, one.kind, one.choices, one.required) for one in made.questions] == [
        ("A", QuestionKind.TEXT, [], False),
        ("B", QuestionKind.ONE, ["x", "y"], False),
        ("C", QuestionKind.TEXT, [], False),
        ("Terms", QuestionKind.TICK, [], True),
    ]
    page = mara.get(f"/dashboard/schedules/{made.id}")
    assert labels(page) == ["A", "B", "C", "Terms"]
    assert "add ?a= to the page’s address" in page.text
    assert "?terms=" not in page.text  # nobody agrees by following a link


@pytest.mark.parametrize(
    ("button", "order"),
    [
        ("question", ["A", "B", "C", ""]),
        ("question-up-2", ["A", "C", "B"]),
        ("question-up-0", ["A", "B", "C"]),
        ("question-down-0", ["B", "A", "C"]),
        ("question-down-2", ["A", "B", "C"]),
        ("question-remove-1", ["A", "C"]),
        ("question-remove-19", ["A", "B", "C"]),
        ("question-remove-99", ["A", "B", "C"]),
        ("question-burn-0", ["A", "B", "C"]),
    ],
)
def test_buttons_add_move_and_remove_without_saving(
    mara: FlaskClient, button: str, order: list[str]
) -> None:
    page = mara.post(NEW, data=THREE | {"add": button})
    assert (page.status_code, labels(page)) == (200, order)
    assert db.session.query(Schedule).count() == 0
    again = BeautifulSoup(page.text, "html.parser").select(".question [name^=questions-]")
    numbers = [str(control["name"]).split("-")[1] for control in again]
    assert sorted(set(numbers)) == [str(nth) for nth in range(len(order))]


def test_a_row_keeps_all_that_was_typed_when_it_moves(mara: FlaskClient) -> None:
    typed = row(1, "B", "one", choices="x\ny", required="y", help="H", name="kept")
    page = mara.post(NEW, data=TYPED | row(0, "A") | typed | {"add": "question-up-1"})
    first = BeautifulSoup(page.text, "html.parser").select_one(".question")
    assert first is not None
    shown = {
        str(control["name"]).rpartition("-")[2]: control.get("value") or control.get_text()
        for control in first.select("input, textarea")
    }
    assert (shown["label"], shown["help"], shown["name"]) == ("B", "H", "kept")
    assert shown["choices"].strip() == "x\ny"
    assert first.select("[type=checkbox][checked], option[value=one][selected]") != []


def test_at_most_twenty_questions(mara: FlaskClient) -> None:
    many = {key: text for nth in range(20) for key, text in row(nth, f"Q{nth}").items()}
    assert len(labels(mara.post(NEW, data=TYPED | many | {"add": "question"}))) == 20
    page = mara.post(NEW, data=TYPED | many | row(20, "One more"))
    assert page.status_code == 422
    assert "Ask at most 20 questions." in errors(page)
    thousand = {key: text for nth in range(900) for key, text in row(nth, "Q").items()}
    assert mara.post(NEW, data=TYPED | thousand).status_code == 422
    assert db.session.query(Schedule).count() == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (row(0, "", name="kept"), "Enter the question, such as"),
        (row(0, "\u200b\u200b"), "Enter the question, such as"),
        (row(0, "", help="Help"), "Enter the question, such as"),
        (row(0, "A" * 201), "Enter at most 200 characters."),
        (row(0, "A\x00"), "This contains a character that can’t be saved."),
        (row(0, "A\u2028B"), "This contains a character that can’t be saved."),
        (row(0, "A", help="A" * 301), "Enter at most 300 characters."),
        (row(0, "A", "one"), "Enter at least two choices, one on each line."),
        (row(0, "A", "one", choices="x\n \n"), "Enter at least two choices, one on each line."),
        (row(0, "A", "several"), "Enter the choices, one on each line."),
        (row(0, "A", "one", choices="x\ny\nx"), "“x” is in the list twice. Remove one."),
        (row(0, "A", "one", choices="x\n" + "y" * 101), "Enter at most 100 characters on each"),
        (row(0, "A", "one", choices="\n".join(map(str, range(51)))), "Enter at most 50 choices."),
        (row(0, "A", "essay"), "Not a valid choice"),
        ({"max_guests": "11"}, "Enter a whole number from 0 to 10."),
        ({"max_guests": ""}, "Enter a whole number from 0 to 10."),
        ({"after_words": "A" * 10_000}, "Enter at most 2,000 characters."),
        ({"redirect_url": "https://example.com/" + "a" * 500}, "Enter at most 500 characters."),
        ({"redirect_passes": "password"}, "not a valid choice"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_wrong_is_said_beside_its_field(
    mara: FlaskClient, typed: dict[str, str], words: str
) -> None:
    page = mara.post(NEW, data=TYPED | typed)
    assert page.status_code == 422
    assert any(words in error for error in errors(page)), errors(page)
    assert db.session.query(Schedule).count() == 0


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com", "https://", "https:///x", "javascript:alert(1)", "example.com"),
        *("//example.com", "https://a@example.com", "https://a:b@example.com", "https://x:y/"),
        *("https://exa mple.com", "https://example.com/\u202e", "https://example.com/<b>"),
        *("https://example.com\\@evil.com", "data:text/html,x", "HTTPS:example.com"),
    ],
)
def test_the_way_on_is_https_and_nothing_else(mara: FlaskClient, url: str) -> None:
    page = mara.post(NEW, data=TYPED | {"redirect_url": url})
    assert page.status_code == 422
    assert any("Enter an address that begins with https://" in error for error in errors(page))


def test_what_comes_after_booking_is_stored(mara: FlaskClient) -> None:
    typed = {
        "max_guests": "0",
        "after_words": "Bring a pen.",
        "redirect_url": "https://example.com/thanks?a=1",
        "redirect_passes": ["name", "answers"],
    }
    assert mara.post(NEW, data=TYPED | typed).status_code == 303
    made = db.session.query(Schedule).one()
    assert (made.max_guests, made.after_words) == (0, "Bring a pen.")
    assert (made.redirect_url, made.redirect_passes) == (
        "https://example.com/thanks?a=1",
        ["name", "answers"],
    )
