"""A schedule's questions as the fields of a form, and what was answered as words."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import DataRequired, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from bookme.bookings.asking.phone import PhoneField
from bookme.bookings.asking.reading import line, text
from bookme.bookings.new import Answer
from bookme.models import Question, QuestionKind, Schedule
from bookme.web.fields import at_most, visible

#: Before the name of a question in a form, so that none takes the place of another field.
PREFIX = "answer_"
TICKED = "✓"
_MOST_RADIOS = 7
_NUMBER = re.compile(r"[+\-−]?\d{1,20}([.,]\d{1,10})?")
_MISSING = {
    QuestionKind.NUMBER: _l("Enter a number, such as 12."),
    QuestionKind.PHONE: _l("Enter a phone number."),
    QuestionKind.WEB: _l("Enter a web address, such as https://example.com."),
    QuestionKind.ONE: _l("Choose an answer."),
    QuestionKind.SEVERAL: _l("Choose at least one answer."),
    QuestionKind.TICK: _l("Tick this box to go on."),
}
_ANSWER_MISSING = _l("Enter an answer.")


def fields(schedule: Schedule, *, by_host: bool = False) -> dict[str, Any]:
    """The fields of a schedule's questions by their names in the form, in order.

    :param by_host: the host fills them in for somebody, as far as they know the answers.
    """
    return {
        f"{PREFIX}{one.name}": field(one, is_needed=not by_host and is_needed(one))
        for one in schedule.questions
    }


def is_needed(question: Question) -> bool:
    """Whether nobody books without an answer."""
    return question.required or question.kind is QuestionKind.TICK


def surplus(form: Any) -> list[str]:
    """What to say of answers to questions that a form doesn't have; empty if there are none. So
    nothing that was typed is lost unseen.
    """
    unknown = {name for name in request.form if name.startswith(PREFIX)} - set(form.data)
    said = _("The questions have changed. Check your answers, then book again.")
    return [said] if unknown else []


def filled(schedule: Schedule, prefill: dict[str, list[str]]) -> dict[str, Any]:
    """What an address fills into these fields."""
    return {
        f"{PREFIX}{one.name}": _filled(one, prefill[one.name])
        for one in schedule.questions
        if one.name in prefill
    }


def answers(schedule: Schedule, form: Any) -> tuple[Answer, ...]:
    """What was answered, as it was asked; questions without an answer are left out."""
    given = ((one, words(form[f"{PREFIX}{one.name}"].data)) for one in schedule.questions)
    return tuple(Answer(one.name, one.label, said) for one, said in given if said)


def field(question: Question, *, is_needed: bool) -> Field:
    """The field of one question."""
    make = _MAKERS[question.kind]
    missing = str(_MISSING.get(question.kind, _ANSWER_MISSING))
    needed: list[Any] = [DataRequired(missing)] if is_needed else [Optional()]
    return make(question, [_once, *needed], is_needed)


def _text(question: Question, checks: list[Any], is_needed: bool) -> Field:
    seen = [visible(str(_ANSWER_MISSING))] if is_needed else []
    return StringField(question.label, filters=[line], validators=[*checks, *seen, at_most(200)])


def _long_text(question: Question, checks: list[Any], is_needed: bool) -> Field:
    seen = [visible(str(_ANSWER_MISSING))] if is_needed else []
    return TextAreaField(question.label, filters=[text], validators=[*checks, *seen, at_most(2000)])


def _one(question: Question, checks: list[Any], is_needed: bool) -> Field:
    choices = [Choice(one, one) for one in question.choices]
    if len(choices) > _MOST_RADIOS:
        first = [Choice("", _("Choose an answer"))]
        return _Select(question.label, choices=first + choices, validators=checks)
    last = [] if question.required else [Choice("", _("No answer"))]
    return _Radios(question.label, choices=choices + last, validators=checks)


def _several(question: Question, checks: list[Any], is_needed: bool) -> Field:
    return _Boxes(
        question.label,
        choices=[Choice(one, one) for one in question.choices],
        validators=checks[1:],  # several are what it is for
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def _number(question: Question, checks: list[Any], is_needed: bool) -> Field:
    check = _matching(_NUMBER, str(_MISSING[QuestionKind.NUMBER]))
    return StringField(question.label, filters=[line], validators=[*checks, at_most(40), check])


def _phone(question: Question, checks: list[Any], is_needed: bool) -> Field:
    return PhoneField(question.label, validators=checks)


def _web(question: Question, checks: list[Any], is_needed: bool) -> Field:
    return StringField(
        question.label,
        filters=[line, _with_scheme],
        validators=[*checks, at_most(500), _is_address],
    )


def _tick(question: Question, checks: list[Any], is_needed: bool) -> Field:
    return BooleanField(question.label, validators=checks)


_MAKERS = {
    QuestionKind.TEXT: _text,
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.ONE: _one,
    QuestionKind.SEVERAL: _several,
    QuestionKind.NUMBER: _number,
    QuestionKind.PHONE: _phone,
    QuestionKind.WEB: _web,
    QuestionKind.TICK: _tick,
}


class _OfTheList:
    """Choices of which one was sent that is not among them."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return  # whether one is needed is for the other checks to say
        try:
            super().pre_validate(form)  # type: ignore[misc]
        except ValidationError:
            raise StopValidation(_("Choose from the list.")) from None


class _Select(_OfTheList, SelectField):
    pass


class _Radios(_OfTheList, RadioField):
    pass


class _Boxes(_OfTheList, SelectMultipleField):
    pass


def _once(_form: Any, field: Field) -> None:
    if len(field.raw_data or ()) > 1:
        raise StopValidation(_("Give one answer."))


def _matching(pattern: re.Pattern[str], message: str) -> Any:
    def check(_form: Any, field: Field) -> None:
        if not pattern.fullmatch(field.data):
            raise ValidationError(message)

    return check


def _with_scheme(address: str) -> str:
    return f"https://{address}" if address and "://" not in address else address


def _is_address(_form: Any, field: Field) -> None:
    try:
        parts = urlsplit(field.data)
        parts.port  # noqa: B018 - refuses what is no port
    except ValueError:
        parts = urlsplit("")
    fine = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    if not fine or " " in field.data:
        raise ValidationError(str(_MISSING[QuestionKind.WEB]))


def _filled(question: Question, values: list[str]) -> Any:
    if question.kind is QuestionKind.SEVERAL:
        return [value for value in values if value in question.choices]
    if question.kind is QuestionKind.TICK:
        return False  # nobody agrees by following a link
    if question.kind is QuestionKind.ONE:
        return values[0] if values[0] in question.choices else None
    return values[0]


def words(data: Any) -> str:
    """What a field holds, as it is kept."""
    if isinstance(data, list):
        return ", ".join(data)
    return TICKED if data is True else data or ""
