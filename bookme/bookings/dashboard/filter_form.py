"""The form above a host's bookings. It is sent by GET, so the address says what is shown."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SearchField, ValidationError
from wtforms.fields.choices import SelectChoice as Choice

from bookme.bookings.dashboard.filters import Filter, Sort, State
from bookme.web.fields import DayInAddress, Form, OneOf, at_most

STATES = {
    State.UPCOMING: _l("Upcoming"),
    State.PENDING: _l("Waiting for you"),
    State.PAST: _l("Past"),
    State.CONFIRMED: _l("Confirmed"),
    State.CANCELLED: _l("Cancelled"),
    State.DECLINED: _l("Declined"),
    State.LAPSED: _l("Not answered in time"),
    State.NO_SHOW: _l("No-show"),
    State.ALL: _l("All"),
}
SORTS = {
    "": _l("Usual order"),
    Sort.SOONEST: _l("Earliest appointment first"),
    Sort.LATEST: _l("Latest appointment first"),
    Sort.BOOKED: _l("Last booked first"),
}

#: Of the fields, as addresses have them.
NAMES = ("q", "show", "schedule", "since", "until", "sort")


class FilterForm(Form):
    """:param schedules: the host's, as (id, title)."""

    q = SearchField(
        _l("Search"), filters=[lambda text: (text or "").strip()], validators=[at_most(100)]
    )
    show = OneOf(
        _l("State"), choices=[Choice(*one) for one in STATES.items()], default=State.UPCOMING
    )
    schedule = OneOf(_l("Schedule"))
    since = DayInAddress(_l("From"))
    until = DayInAddress(_l("To"))
    sort = OneOf(_l("Order"), choices=[Choice(*one) for one in SORTS.items()])

    class Meta:
        csrf = False

    def __init__(self, arguments: Any, schedules: Iterable[tuple[int, str]]) -> None:
        super().__init__(arguments)
        titles = [Choice(str(number), title) for number, title in schedules]
        self.schedule.choices = [Choice("", _("All schedules")), *titles]
        self.show.data = self.show.data or State.UPCOMING

    def validate_until(self, field: Field) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("Enter a date that isn’t before the first one."))

    def filter(self) -> Filter:
        """What is asked for, without what is wrong. To be asked for once the form was checked."""
        found = Filter(
            state=State(self._sound(self.show) or State.UPCOMING),
            search=self._sound(self.q) or "",
            schedule_id=int(self._sound(self.schedule) or 0) or None,
            since=self._sound(self.since),
            until=self._sound(self.until),
        )
        asked = self._sound(self.sort)
        return found.but(chosen_sort=Sort(asked)) if asked else found

    @staticmethod
    def _sound(field: Field) -> Any:
        return None if field.errors else field.data
