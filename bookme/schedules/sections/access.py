"""Who may book, when it counts, and until when bookers may change it."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import InputRequired

from bookme.models import Schedule, Visibility
from bookme.schedules.sections.fields import (
    NUMBER,
    UNIT_CHOICES,
    UNITS,
    Whole,
    in_units,
    whole_if_any,
)
from bookme.schedules.sections.section import Section
from bookme.web.fields import OneOf
from bookme.web.language_choice import own_name

#: Of the host's time to answer, in minutes; the database refuses others.
_ANSWER = (15, 30 * 24 * 60)
#: The longest cut-off, in minutes.
_LONGEST = 90 * 24 * 60
_USUAL_ANSWER = 48 * 60


class AccessSection(Section):
    visibility = RadioField(
        _l("Who can book?"),
        choices=[
            Choice(Visibility.LISTED.value, _l("Everyone: it’s on your page")),
            Choice(Visibility.HIDDEN.value, _l("Anyone who has its address: it’s on no page")),
            Choice(Visibility.BY_LINK.value, _l("Only people with a single-use link from you")),
        ],
        validators=[InputRequired(_l("Choose who can book."))],
    )
    language = OneOf(_l("Language of the booking page"))
    needs_approval = BooleanField(_l("Ask me before a booking is confirmed"))
    answer = Whole(_l("Time to answer"), validators=whole_if_any(1, 100_000, NUMBER))
    answer_unit = SelectField(
        _l("Time to answer (minutes, hours or days)"), choices=UNIT_CHOICES, default="hours"
    )
    confirms_email = BooleanField(_l("Have bookers confirm their e-mail address first"))
    reschedule_notice = Whole(
        _l("Bookers can reschedule until"), validators=whole_if_any(0, 100_000, NUMBER)
    )
    reschedule_notice_unit = SelectField(
        _l("Bookers can reschedule until (minutes, hours or days)"),
        choices=UNIT_CHOICES,
        default="hours",
    )
    cancel_notice = Whole(
        _l("Bookers can cancel until"), validators=whole_if_any(0, 100_000, NUMBER)
    )
    cancel_notice_unit = SelectField(
        _l("Bookers can cancel until (minutes, hours or days)"),
        choices=UNIT_CHOICES,
        default="hours",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = [Choice(name, own_name(name)) for name in current_app.config["LANGUAGES"]]
        self.language.choices = [Choice("", _("Each visitor’s own")), *spoken]

    def check(self) -> bool:
        fine = [
            self._is_within("reschedule_notice", 0, _LONGEST, _("Enter at most 90 days.")),
            self._is_within("cancel_notice", 0, _LONGEST, _("Enter at most 90 days.")),
            self._is_within("answer", *_ANSWER, _("Enter 15 minutes to 30 days, such as 2 days.")),
        ]
        if self.needs_approval.data and self.answer.data is None and not self.answer.errors:
            self.answer.errors = [_("Enter how long a request waits for you, such as 48 hours.")]
            return False
        return all(fine)

    def _is_within(self, name: str, low: int, high: int, words: str) -> bool:
        minutes = self._minutes(name)
        if minutes is None or self[name].errors or low <= minutes <= high:
            return True
        self[name].errors = [words]
        return False

    def _minutes(self, name: str) -> int | None:
        number, unit = self[name].data, self[f"{name}_unit"].data
        return None if number is None or unit not in UNITS else number * UNITS[unit]

    def values(self) -> dict[str, Any]:
        return {
            "visibility": Visibility(self.visibility.data),
            "language": self.language.data or None,
            "needs_approval": self.needs_approval.data,
            "answer_minutes": self._minutes("answer") or _USUAL_ANSWER,
            "confirms_email": self.confirms_email.data,
            "reschedule_notice_minutes": self._minutes("reschedule_notice"),
            "cancel_notice_minutes": self._minutes("cancel_notice"),
        }

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        shown = {
            "answer": schedule.answer_minutes or _USUAL_ANSWER,
            "reschedule_notice": schedule.reschedule_notice_minutes,
            "cancel_notice": schedule.cancel_notice_minutes,
        }
        typed: dict[str, Any] = {"visibility": (schedule.visibility or Visibility.LISTED).value}
        typed["language"] = schedule.language or ""
        for name, minutes in shown.items():
            typed[name], typed[f"{name}_unit"] = in_units(minutes)
        return typed
