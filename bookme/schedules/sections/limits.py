"""How close together, how soon, how far ahead and how many."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import Optional

from bookme.hours.time_fields import DayField
from bookme.models import Schedule
from bookme.schedules.sections.fields import (
    DAYS,
    MINUTES,
    NUMBER,
    UNIT_CHOICES,
    UNITS,
    Whole,
    in_units,
    whole,
    whole_if_any,
)
from bookme.schedules.sections.section import Section

_DAYS_AHEAD, _DATES = "days", "dates"


class LimitsSection(Section):
    step_minutes = Whole(_l("Minutes between start times"), validators=whole(5, 1440, MINUTES))
    buffer_before_minutes = Whole(
        _l("Buffer before, in minutes"), validators=whole(0, 1440, MINUTES)
    )
    buffer_after_minutes = Whole(_l("Buffer after, in minutes"), validators=whole(0, 1440, MINUTES))
    notice = Whole(_l("Minimum notice"), validators=whole(0, 10_000, NUMBER))
    notice_unit = SelectField(_l("Minimum notice (minutes, hours or days)"), choices=UNIT_CHOICES)
    horizon = RadioField(
        _l("When people can book"),
        choices=[
            Choice(_DAYS_AHEAD, _l("Up to a number of days ahead")),
            Choice(_DATES, _l("From one date to another")),
        ],
        default=_DAYS_AHEAD,
    )
    horizon_days = Whole(_l("How many days ahead"), validators=whole(1, 730, DAYS))
    dates_from = DayField(_l("First date"), validators=[Optional()])
    dates_until = DayField(_l("Last date"), validators=[Optional()])
    max_per_day = Whole(_l("Daily limit"), validators=whole_if_any(1, 1000, NUMBER))
    max_per_week = Whole(_l("Weekly limit"), validators=whole_if_any(1, 1000, NUMBER))
    max_per_booker = Whole(_l("Limit for each booker"), validators=whole_if_any(1, 1000, NUMBER))

    @property
    def has_dates(self) -> bool:
        """Whether people can book from one date to another."""
        return bool(self.horizon.data == _DATES)

    @property
    def has_both_dates(self) -> bool:
        return bool(self.dates_from.data and self.dates_until.data)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        others = (self.horizon_days,) if self.has_dates else (self.dates_from, self.dates_until)
        for field in others:  # what belongs to the other choice doesn't count
            field.errors = []
        return not self.errors

    def check(self) -> bool:
        if not self.has_dates:
            return self._leaves_time()
        if self.dates_from.data is None and not self.dates_from.errors:
            self.dates_from.errors = [_("Enter a date, such as 2027-12-24.")]
        if self.dates_until.data is None and not self.dates_until.errors:
            self.dates_until.errors = [_("Enter a date, such as 2027-12-24.")]
        elif self.has_both_dates and self.dates_until.data < self.dates_from.data:
            self.dates_until.errors = [_("Enter a last date that isn't before the first.")]
        return not (self.dates_from.errors or self.dates_until.errors)

    def _leaves_time(self) -> bool:
        """Whether the notice ends before the last day that people can book."""
        typed = self.notice, self.notice_unit, self.horizon_days
        if any(field.errors for field in typed) or self._notice_minutes < self._horizon_minutes:
            return True
        self.horizon_days.errors = [
            _(
                "The minimum notice is as long, so there would be no times. Enter more days, or a "
                "shorter notice."
            )
        ]
        return False

    @property
    def _notice_minutes(self) -> int:
        return int(self.notice.data * UNITS[self.notice_unit.data])

    @property
    def _horizon_minutes(self) -> int:
        return int(self.horizon_days.data * UNITS["days"])

    def values(self) -> dict[str, Any]:
        buffers = ("buffer_before_minutes", "buffer_after_minutes")
        limits = ("max_per_day", "max_per_week", "max_per_booker")
        dates = ("dates_from", "dates_until")
        chosen = dates if self.has_dates else ("horizon_days",)
        names = ("step_minutes", *buffers, *limits, *chosen)
        return {
            **(dict.fromkeys(dates) if not self.has_dates else {}),
            **{name: self[name].data for name in names},
            "notice_minutes": self._notice_minutes,
        }

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        notice, unit = in_units(schedule.notice_minutes)
        horizon = _DATES if schedule.dates else _DAYS_AHEAD
        return {"notice": notice, "notice_unit": unit, "horizon": horizon}
