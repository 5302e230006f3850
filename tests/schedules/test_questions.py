"""A schedule's questions: their names, their order, and what happens to those that were there."""

import pytest
from flask import Flask

from bookme.extensions import db
from bookme.models import LocationKind, Question, QuestionKind, Schedule
from bookme.schedules import questions, service
from bookme.schedules.sections.asked import Asked
from tests import factories
from tests.conftest import NOW

TEXT = QuestionKind.TEXT


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    made: Schedule = factories.schedule()
    return made


def ask(schedule: Schedule, *wanted: Asked) -> list[tuple[str, str]]:
    service.update(schedule, {"questions": wanted}, now=NOW)
    db.session.commit()
    return [(one.name, one.label) for one in schedule.questions]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Company", "company"),
        ("How big is your company?", "how_big_is_your_company"),
        ("Größe", "groe"),
        ("会社", "question"),
        ("Name", "question_name"),
        ("UTM source", "question_utm_source"),
        ("Ref", "question_ref"),
        ("?", "question"),
        ("x" * 200, "x" * 56),
    ],
)
def test_a_name_is_made_of_the_label_and_is_no_word_of_ours(label: str, name: str) -> None:
    assert questions.name_of(label, ()) == name


def test_no_two_questions_have_one_name(schedule: Schedule) -> None:
    names = [name for name, _ in ask(schedule, *[Asked(TEXT, "Company")] * 20)]
    assert names == ["company", *(f"company_{number}" for number in range(2, 21))]


def test_a_question_keeps_its_name_when_its_label_changes_or_it_moves(schedule: Schedule) -> None:
    ask(schedule, Asked(TEXT, "Company"), Asked(TEXT, "Team"))
    before = {one.name: one.id for one in schedule.questions}
    now = ask(schedule, Asked(TEXT, "Team", name="team"), Asked(TEXT, "Employer", name="company"))
    assert now == [("team", "Team"), ("company", "Employer")]
    assert {one.name: one.id for one in schedule.questions} == before
    assert [one.position for one in schedule.questions] == [0, 1]


def test_a_question_taken_out_and_put_in_again_at_once_is_the_same(schedule: Schedule) -> None:
    ask(schedule, Asked(TEXT, "Company"))
    assert ask(schedule, Asked(QuestionKind.NUMBER, "Company")) == [("company", "Company")]
    assert ask(schedule) == []
    assert db.session.query(Question).count() == 0


def test_a_name_of_another_schedule_makes_a_question_of_its_own(schedule: Schedule) -> None:
    other = factories.schedule(host=schedule.host, slug="other")
    ask(other, Asked(TEXT, "Secret"))
    assert ask(schedule, Asked(TEXT, "Mine", name="secret"), Asked(TEXT, "Too", name="secret")) == [
        ("mine", "Mine"),
        ("too", "Too"),
    ]
    assert [one.label for one in other.questions] == ["Secret"]


def test_a_copy_of_a_schedule_asks_the_same(schedule: Schedule) -> None:
    one = Asked(QuestionKind.ONE, "Size", "In people.", True, ("1", "2"))
    ask(schedule, one)
    copy = service.duplicate(schedule, now=NOW)
    db.session.commit()
    [asked] = questions.copied(copy)
    assert (asked.label, asked.help, asked.choices) == ("Size", "In people.", ("1", "2"))
    assert (asked.name, asked.required) == ("size", True)
    assert len(schedule.questions) == 1


def test_a_schedule_is_made_with_its_questions(app: Flask) -> None:
    values = {"title": "Review", "zone": "UTC", "week": factories.WEEKDAYS}
    values |= {"location_kind": LocationKind.PHONE, "questions": [Asked(TEXT, "Company")]}
    made = service.create(factories.host(), values, now=NOW)
    db.session.commit()
    assert [one.name for one in made.questions] == ["company"]
