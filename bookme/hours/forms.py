"""The forms of sets of hours, time off, and limits over all schedules."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import HiddenInput

from bookme.hours.section import HoursFields
from bookme.hours.stretch import Stretch
from bookme.hours.time_fields import DAY, DayField, TimeOfDayField
from bookme.models import OpeningHours, TimeOff
from bookme.web.fields import Form, at_most, visible
from bookme.web.numbers import NUMBER, Whole, whole_if_any

#: Time off begins at most so far ahead, and lasts as long at most.
_FURTHEST = timedelta(days=3 * 366)
_DATE_MISSING = _l("Enter a date, such as 2027-12-24.")
_NAME_MISSING = _l("Enter a name, such as Working hours.")


def _strip(text: str | None) -> str:
    return (text or "").strip()


class SetForm(HoursFields):
    """A set of hours, its name first: errors are listed in the order of the page."""

    name = StringField(
        _l("Name"),
        filters=[_strip],
        validators=[DataRequired(_NAME_MISSING), visible(_NAME_MISSING), at_most(60)],
    )

    _fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = {field.short_name: field for field in self}
        self._fields: dict[str, Field] = {"name": fields.pop("name"), **fields}

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) & self.check_hours()

    def values(self) -> dict[str, Any]:
        return {"name": self.name.data, **self.columns()}

    @classmethod
    def typed(cls, hours: OpeningHours) -> dict[str, Any]:
        """A set as the form shows it."""
        return {"name": hours.name, **cls.of(hours)}


class LimitsForm(Form):
    max_per_day = Whole(_l("Daily limit"), validators=whole_if_any(1, 1000, NUMBER))
    max_per_week = Whole(_l("Weekly limit"), validators=whole_if_any(1, 1000, NUMBER))


class TimeOffForm(Form):
    """One date, a range of dates, or a part of a day. What is left out is a whole day.

    :ivar now: when the form is read; whoever makes one says it.
    :ivar in_zone: the zone in which it is meant; the same.
    """

    now: datetime
    in_zone: str

    label = StringField(_l("Label"), filters=[_strip], validators=[at_most(120)])
    first = DayField(_l("First day"), validators=[InputRequired(_DATE_MISSING)])
    last = DayField(_l("Last day"), validators=[Optional()])
    opens = TimeOfDayField(_l("From"), latest=DAY - 1)
    closes = TimeOfDayField(_l("To"), latest=DAY)
    #: About how many bookings in it the host has been asked.
    asked = Whole(widget=HiddenInput(), default=0)

    def validate_last(self, field: Field) -> None:
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("Enter a last day that isn't before the first."))

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) and self._is_sound()

    def _is_sound(self) -> bool:
        last = self.last if self.last.data else self.first
        if self.first.data < (self.now - _FURTHEST).date():
            self.first.errors = [_("That time is over. Enter a later date.")]
        elif last.data > (self.now + _FURTHEST).date():
            last.errors = [_("Enter a date in the next three years.")]
        else:
            self._check_ends()
        return not self.errors

    def _check_ends(self) -> None:
        begin, end = self.ends()
        if end <= begin:
            self.closes.errors = [_("Enter an end after the start, such as 17:00.")]
        elif end <= self.now:
            self.first.errors = [_("That time is over. Enter a later date.")]

    def ends(self) -> tuple[datetime, datetime]:
        """From when to when, once both dates are sound."""
        assert self.first.data is not None  # nothing asks before
        typed = Stretch(
            first=self.first.data,
            last=self.last.data or self.first.data,
            opens=self.opens.data or 0,
            closes=self.closes.data or DAY,
        )
        return typed.ends(self.in_zone)

    def values(self) -> dict[str, Any]:
        begin, end = self.ends()
        ends = {"starts_at": begin, "ends_at": end, "zone": self.in_zone}
        return {"label": self.label.data, **ends}

    @classmethod
    def typed(cls, off: TimeOff) -> dict[str, Any]:
        """Time off as the form shows it."""
        when = Stretch.of(off)
        return {
            "label": off.label,
            "first": when.first,
            "last": when.last if when.last != when.first else None,
            "opens": when.opens or None,
            "closes": None if when.closes == DAY else when.closes,
        }
