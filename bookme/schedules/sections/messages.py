"""The messages that go out before an appointment begins and after its end."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice as Choice

from bookme.hours.checks import say
from bookme.hours.rows import Rows
from bookme.models import Schedule, Timing
from bookme.schedules.sections.fields import (
    NUMBER,
    UNIT_CHOICES,
    UNITS,
    Whole,
    in_units,
    strip,
    whole,
)
from bookme.schedules.sections.section import Section
from bookme.web.fields import Form, at_most

#: How many a schedule may have, how long before or after, and how many words each has of its own.
MOST = 5
_FURTHEST = 30 * 24 * 60
_MOST_WORDS = 1000


class MessageForm(Form):
    """One message of a schedule."""

    class Meta:
        csrf = False  # the schedule's form has it

    number = Whole(_l("How long"), validators=whole(0, _FURTHEST, NUMBER))
    unit = SelectField(
        _l("How long (minutes, hours or days)"), choices=UNIT_CHOICES, default="hours"
    )
    timing = SelectField(
        _l("When"),
        choices=[
            Choice(Timing.BEFORE_START.value, _l("before the start")),
            Choice(Timing.AFTER_END.value, _l("after the end")),
        ],
    )
    to_booker = BooleanField(_l("Booker and guests"), default=True)
    to_host = BooleanField(_l("Me"))
    words = TextAreaField(_l("Your own words"), filters=[strip], validators=[at_most(_MOST_WORDS)])

    def called(self, number: int) -> str:
        """What a list of errors calls the row."""
        return _("Message %(number)s", number=number)

    @property
    def minutes(self) -> int:
        return int((self.number.data or 0) * UNITS[self.unit.data])

    def rule(self) -> dict[str, Any]:
        """The columns of its rule, once the form is valid."""
        return {
            "timing": Timing(self.timing.data),
            "minutes": self.minutes,
            "to_booker": self.to_booker.data,
            "to_host": self.to_host.data,
            "words": self.words.data,
        }

    def goes_with(self, other: "MessageForm") -> bool:
        """Whether somebody would get both at the same time."""
        both = self.to_booker.data and other.to_booker.data
        both = both or (self.to_host.data and other.to_host.data)
        same = (self.timing.data, self.minutes) == (other.timing.data, other.minutes)
        return bool(both and same)


class MessagesSection(Section):
    GROWS: ClassVar[dict[str, str]] = {"message": "messages"}

    messages = Rows(MessageForm, _l("Messages"))

    def check(self) -> bool:
        forms = [entry.form for entry in self.messages]
        fine = [_check(form, forms[:place]) for place, form in enumerate(forms) if not form.errors]
        self.messages.errors = [entry.errors for entry in self.messages if entry.errors]
        if len(forms) > MOST:
            self.messages.errors.append(_("A schedule can send at most five messages. Remove one."))
        return all(fine) and len(forms) <= MOST

    @property
    def can_add_message(self) -> bool:
        return len(self.messages.entries) < MOST

    @classmethod
    def add_row(cls, form: Form, what: str) -> None:
        """One more message, for as long as there may be more."""
        if len(form["messages"].entries) < MOST:
            super().add_row(form, what)

    def values(self) -> dict[str, Any]:
        return {"message_rules": [entry.form.rule() for entry in self.messages]}

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        return {"messages": [_row(rule) for rule in schedule.message_rules]}


def _row(rule: Any) -> dict[str, Any]:
    number, unit = in_units(rule.minutes, "minutes")
    columns = {name: getattr(rule, name) for name in ("to_booker", "to_host", "words")}
    return {"number": number, "unit": unit, "timing": rule.timing.value, **columns}


def _check(form: MessageForm, before: list[Any]) -> bool:
    """Put what is wrong beside the field at fault; say whether it is fine."""
    if form.minutes > _FURTHEST:
        say(form.number, _("Enter at most 30 days."))
    elif form.minutes == 0 and form.timing.data == Timing.BEFORE_START:
        say(form.number, _("Enter at least 1 minute before the start."))
    elif not (form.to_booker.data or form.to_host.data):
        say(form.to_booker, _("Choose who gets this message."))
    elif any(form.goes_with(other) for other in before if not other.errors):
        say(form.number, _("Another message goes to the same people at this time. Change one."))
    else:
        return True
    return False
