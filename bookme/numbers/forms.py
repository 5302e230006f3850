"""What numbers are asked for. Sent by GET, so that the address says it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError
from wtforms.fields.choices import SelectChoice as Choice

from bookme.numbers.period import LONGEST, Period
from bookme.web.fields import DayInAddress, Form, OneOf

USUAL = "12"
RANGES = {
    "4": _l("Last 4 weeks"),
    "12": _l("Last 12 weeks"),
    "dates": _l("Dates you choose"),
}


class NumbersForm(Form):
    """:param schedules: the host's, as (id, title)."""

    range = OneOf(_l("Period"), choices=[Choice(*one) for one in RANGES.items()], default=USUAL)
    since = DayInAddress(_l("From"))
    until = DayInAddress(_l("To"))
    schedule = OneOf(_l("Schedule"))

    class Meta:
        csrf = False

    def __init__(self, arguments: Any, schedules: Iterable[tuple[int, str]]) -> None:
        super().__init__(arguments)
        titles = [Choice(str(number), title) for number, title in schedules]
        self.schedule.choices = [Choice("", _("All schedules")), *titles]
        self.range.data = self.range.data or USUAL

    def validate_since(self, field: Field) -> None:
        if self.range.data == "dates" and field.data is None:
            raise ValidationError(_("Enter the first day, such as 2027-12-01."))

    def validate_until(self, field: Field) -> None:
        if self.range.data != "dates" or not self.since.data:
            return
        if field.data is None:
            raise ValidationError(_("Enter the last day, such as 2027-12-24."))
        if field.data < self.since.data:
            raise ValidationError(_("Enter a date that isn’t before the first one."))
        if field.data - self.since.data >= LONGEST:
            raise ValidationError(_("Enter a date less than two years after the first one."))

    @property
    def has_dates(self) -> bool:
        """Whether the days were chosen, so that none of them is left out."""
        return self.range.data == "dates" and not self.errors

    def period(self, today: date, zone: str) -> Period:
        """The days that are asked for; the usual ones if they are wrong."""
        since, until = self.since.data, self.until.data
        if self.range.errors or self.since.errors or self.until.errors:
            return Period.last(int(USUAL), today, zone)
        if self.range.data == "dates" and since and until:
            return Period(since, until, zone)
        return Period.last(int(self.range.data), today, zone)

    def schedule_id(self) -> int | None:
        return None if self.schedule.errors else int(self.schedule.data or 0) or None
