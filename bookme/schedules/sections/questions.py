"""What the booker is asked besides name and e-mail address."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice as Choice

from bookme.characters import is_visible
from bookme.models import QuestionKind, Schedule
from bookme.schedules.sections import rows
from bookme.schedules.sections.asked import Asked
from bookme.schedules.sections.fields import strip
from bookme.schedules.sections.section import Section
from bookme.web.fields import Form, at_most

MOST = 20
_MOST_CHOICES, _LONGEST_CHOICE = 50, 100
#: Kinds with choices, and how many of them there have to be.
_FEWEST_CHOICES = {QuestionKind.ONE: 2, QuestionKind.SEVERAL: 1}

KINDS = [
    Choice(QuestionKind.TEXT.value, _l("Short text")),
    Choice(QuestionKind.LONG_TEXT.value, _l("Long text")),
    Choice(QuestionKind.ONE.value, _l("One choice")),
    Choice(QuestionKind.SEVERAL.value, _l("Several choices")),
    Choice(QuestionKind.NUMBER.value, _l("Number")),
    Choice(QuestionKind.PHONE.value, _l("Phone number")),
    Choice(QuestionKind.WEB.value, _l("Web address")),
    Choice(QuestionKind.TICK.value, _l("Checkbox that must be ticked")),
]


class QuestionForm(Form):
    """One question. A new row with nothing in it doesn't count."""

    class Meta:
        csrf = False

    name = HiddenField()
    label = StringField(_l("Question"), filters=[strip], validators=[at_most(200)])
    kind = SelectField(_l("Kind of answer"), choices=KINDS)
    help = StringField(_l("Help text"), filters=[strip], validators=[at_most(300)])
    choices = TextAreaField(_l("Choices"), filters=[strip], validators=[at_most(6000)])
    required = BooleanField(_l("An answer is required"))

    @property
    def is_empty(self) -> bool:
        given = (self.name, self.label, self.help, self.choices)
        return not any(field.data for field in given)

    @property
    def lines(self) -> list[str]:
        """The choices, as far as the kind has any."""
        if self.kind.data not in _FEWEST_CHOICES:
            return []
        lines = (" ".join(line.split()) for line in (self.choices.data or "").splitlines())
        return [line for line in lines if line]

    def is_fine(self) -> bool:
        """Whether question and choices are; what is wrong is said beside them."""
        if not self.label.errors and not is_visible(self.label.data or ""):
            _say(self.label, _("Enter the question, such as What’s your company?"))
        wrong = self._wrong_choices() if not self.choices.errors else ""
        if wrong:
            _say(self.choices, wrong)
        return not self.errors

    def asked(self) -> Asked:
        kind = QuestionKind(self.kind.data)
        return Asked(
            kind=kind,
            label=self.label.data,
            help=self.help.data,
            required=self.required.data or kind is QuestionKind.TICK,
            choices=tuple(self.lines),
            name=self.name.data or "",
        )

    def _wrong_choices(self) -> str:
        lines, fewest = self.lines, _FEWEST_CHOICES.get(self.kind.data, 0)
        if len(lines) < fewest:
            if fewest > 1:
                return _("Enter at least two choices, one on each line.")
            return _("Enter the choices, one on each line.")
        if len(lines) > _MOST_CHOICES:
            return _("Enter at most %(most)s choices.", most=_MOST_CHOICES)
        if any(len(line) > _LONGEST_CHOICE for line in lines):
            return _("Enter at most %(most)s characters on each line.", most=_LONGEST_CHOICE)
        twice = next((line for line in lines if lines.count(line) > 1), None)
        if twice is not None:
            return _("“%(choice)s” is in the list twice. Remove one.", choice=twice)
        return ""


class QuestionsSection(Section):
    GROWS: ClassVar[dict[str, str]] = rows.buttons("question", "questions", MOST)

    questions = rows.MovableRows(QuestionForm, _l("Questions"), most=MOST)

    def check(self) -> bool:
        given = [entry.form for entry in self.questions if not entry.form.is_empty]
        wrong = [form for form in given if not form.is_fine()]
        self.questions.errors = [entry.errors for entry in self.questions if entry.errors]
        if len(given) > MOST:
            self.questions.errors = [_("Ask at most %(most)s questions.", most=MOST)]
            return False
        return not wrong

    @classmethod
    def add_row(cls, form: Form, what: str) -> None:
        """Add, move or remove a question, as the button that was pressed says."""
        rows.press(form["questions"], what)

    def values(self) -> dict[str, Any]:
        given = (entry.form for entry in self.questions)
        return {"questions": [form.asked() for form in given if not form.is_empty]}

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        return {
            "questions": [
                {
                    "name": one.name,
                    "kind": one.kind.value,
                    "label": one.label,
                    "help": one.help,
                    "choices": "\n".join(one.choices),
                    "required": one.required,
                }
                for one in schedule.questions
            ]
        }


def _say(field: Field, words: str) -> None:
    field.errors = [*field.errors, words]
