"""What a booker has answered, as fields in which it can be corrected, and as words again.

What was asked may not be asked any more, or in another way. Such an answer is corrected as text.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import Optional

from bookme.bookings.asking import questions
from bookme.bookings.asking.questions import PREFIX, TICKED
from bookme.bookings.asking.reading import text
from bookme.bookings.new import Answer
from bookme.models import Question, QuestionKind, Schedule
from bookme.web.fields import at_most

#: Answers as they are kept: ``{"name": …, "question": …, "answer": …}`` each.
Given = Sequence[Mapping[str, Any]]


def fields(schedule: Schedule, given: Given) -> dict[str, Any]:
    """The fields by their names in the form, in order. Only what was answered is needed."""
    answered = {name: words for name, _, words in _read(given)}
    found = {}
    for question in schedule.questions:
        words = answered.get(question.name)
        if words is None or _data(question, words) is not None:
            is_needed = words is not None and questions.is_needed(question)
            found[PREFIX + question.name] = questions.field(question, is_needed=is_needed)
    for name, asked, _words in _read(given):
        if PREFIX + name not in found:
            found[PREFIX + name] = TextAreaField(
                asked, filters=[text], validators=[Optional(), at_most(2000)]
            )
    return found


def filled(schedule: Schedule, given: Given) -> dict[str, Any]:
    """What stands in these fields at first."""
    by_name = {one.name: one for one in schedule.questions}
    found = {}
    for name, _asked, words in _read(given):
        question = by_name.get(name)
        data = _data(question, words) if question is not None else None
        found[PREFIX + name] = words if data is None else data
    return found


def answers(schedule: Schedule, given: Given, form: Any) -> tuple[Answer, ...]:
    """What is answered now. What was asked stays as it was asked; what is empty is left out."""
    asked = {one.name: one.label for one in schedule.questions}
    before = {name: question for name, question, _words in _read(given)}
    asked, order = asked | before, [*before, *(name for name in asked if name not in before)]
    said = ((name, questions.words(form[PREFIX + name].data)) for name in order)
    return tuple(Answer(name, asked[name], words) for name, words in said if words)


def _read(given: Given) -> Iterator[tuple[str, str, str]]:
    """Name, question and answer of each; without a name it is known by its place."""
    for nth, one in enumerate(given):
        yield str(one.get("name") or f"-{nth}"), str(one["question"]), str(one["answer"])


def _data(question: Question, words: str) -> Any:
    """What the field of a question holds for an answer; None if it can't hold it."""
    if question.kind is QuestionKind.TICK:
        return True if words == TICKED else None
    if question.kind is QuestionKind.ONE:
        return words if words in question.choices else None
    if question.kind is QuestionKind.SEVERAL:
        chosen = [one for one in question.choices if f", {one}, " in f", {words}, "]
        return chosen if ", ".join(chosen) == words else None
    return words
