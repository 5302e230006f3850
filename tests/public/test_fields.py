"""Fields that were written for somebody else are those that would be written now."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Caller, LocationKind, Question, QuestionKind, Schedule
from bookme.public import kept
from tests import factories
from tests.public.pages import FORM_KEY, hidden

AT = "at=2027-03-02T09:00:00Z"


def question(**columns: Any) -> Question:
    known = {"kind": QuestionKind.TEXT, "name": "why", "label": "Why?", "position": 0}
    return Question(**known | columns)


def schedules() -> list[Schedule]:
    """Each with something that its form shows, and no other has."""
    usual = factories.schedule(slug="usual")
    calls = {"location_kind": LocationKind.PHONE, "caller": Caller.HOST}
    kinds: list[dict[str, Any]] = [
        {"needs_approval": True},
        {"max_guests": 0},
        calls,
        *({"questions": [question(**one)]} for one in QUESTIONS),
    ]
    mine = [
        factories.schedule(host=usual.host, slug=f"of-kind-{at}", **kind)
        for at, kind in enumerate(kinds)
    ]
    other = factories.host(another=True)
    other.name = "Ada Byron"
    return [usual, *mine, factories.schedule(host=other, slug="others")]


QUESTIONS: list[dict[str, Any]] = [
    {"label": "Why?"},
    {"label": "Who?"},
    {"label": "Why?", "help": "Briefly."},
    {"label": "Why?", "required": True},
    {"label": "Why?", "name": "because"},
    {"kind": QuestionKind.PHONE},
    {"kind": QuestionKind.ONE, "choices": ["a", "b"]},
    {"kind": QuestionKind.ONE, "choices": ["a", "c"]},
]


def own(page: str) -> str:
    """A page without what is another one each time."""
    return re.sub(r'name="(form_key|opened)"[^>]*>', "", page)


def test_a_form_is_the_one_that_would_be_written_anew(app: Flask, client: FlaskClient) -> None:
    readers = ("zone=Europe/Lisbon", "zone=Asia/Tokyo", f"zone=Asia/Tokyo&minutes=30&{AT}")
    paths = [f"/{one.host.handle}/{one.slug}/book" for one in schedules()]
    db.session.commit()
    asked = [f"{path}?{query}&{AT}" for path in paths for query in readers]
    asked += [f"{paths[0]}?at=2027-03-02T03:00:00Z"]  # no time of the schedule's
    again = [own(client.get(one).text) for one in (*asked, *asked)][len(asked) :]
    for address, seen in zip(asked, again, strict=True):
        kept.pages_of(app).forms._kept.clear()
        assert own(client.get(address).text) == seen, address


def test_what_is_filled_in_is_nobody_elses(app: Flask, client: FlaskClient) -> None:
    factories.schedule()
    filled = client.get(f"/mara/intro/book?{AT}&name=Ana&utm_source=news").text
    assert 'value="Ana"' in filled
    empty = client.get(f"/mara/intro/book?{AT}")
    assert 'value="Ana"' not in empty.text
    assert "news" not in empty.text


def test_each_form_has_its_own_key(app: Flask, client: FlaskClient) -> None:
    factories.schedule()
    keys = [hidden(client.get(f"/mara/intro/book?{AT}"))["form_key"] for _ in range(3)]
    assert len(set(keys)) == 3
    assert all(len(key) == len(FORM_KEY) for key in keys)
