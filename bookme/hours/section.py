"""The fields of opening hours: the zone, the week, and dates with other hours."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice as Choice

from bookme.accounts import zones
from bookme.availability import longest_stretch
from bookme.hours import checks, rows, stored
from bookme.models import hours_of
from bookme.web.fields import Form

_DAYS = [Choice(str(day), _l("Open")) for day in range(7)]


class HoursFields(Form):
    """What says when people can book, on the pages of a schedule and of a set of hours alike.

    :ivar now: when the form is read; whoever makes one says it.
    """

    now: datetime = datetime.max.replace(tzinfo=UTC)

    GROWS: ClassVar[dict[str, str]] = {
        "date": "overrides",
        **dict.fromkeys("0123456", "windows"),
        **{f"copy-{day}": "windows" for day in range(7)},
    }

    zone = SelectField(_l("Time zone"), validate_choice=False)
    windows = rows.Rows(rows.HoursForm, _l("Opening hours"))
    open = SelectMultipleField(_l("Open days"), choices=_DAYS)
    overrides = rows.Rows(rows.OverrideForm, _l("Dates with other hours"))

    def offer_zones(self, current: str) -> None:
        """List the zones by region, the current one among them."""
        self.zone.choices = [
            Choice(name, words, optgroup=region)
            for region, cities in zones.choices(current).items()
            for name, words in cities
        ]

    def validate_zone(self, field: Field) -> None:
        if not zones.is_zone(field.data):
            raise ValidationError(_("Choose a time zone from the list."))

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        checks.forgive(self._rows_of(is_open=False))
        self._gather()
        return not self.errors

    def check_hours(self) -> bool:
        """Check the rows against one another, and that any time is left."""
        week = checks.check_week(self._rows_of(is_open=True))
        dates = checks.check_overrides(entry.form for entry in self.overrides)
        self._gather()
        if week and dates and not self.errors and not self.longest():
            self.windows.errors = [_("Enter at least one time, such as 09:00 to 17:00.")]
            return False
        return week and dates

    def grow(self, what: str) -> None:
        """One more row, as the button that was pressed says; none for a button of no page."""
        if what in self.GROWS:
            self.add_row(self, what)

    @classmethod
    def add_row(cls, form: Form, what: str) -> None:
        """One more row for hours on a weekday (``0`` to ``6``), or for a date; or one day's hours
        for all days.
        """
        windows = form["windows"]
        if what.startswith("copy-"):
            day = int(what.removeprefix("copy-"))
            rows.copy_day(windows, day)
            windows.acted = ("copy", day)
        elif cls.GROWS[what] == "windows":
            windows.add({"weekday": what})
        else:
            form["overrides"].add()

    def columns(self) -> dict[str, Any]:
        """Zone, week and overrides as they are stored, once the form is valid."""
        return {
            "zone": self.zone.data,
            "week": stored.week_of(self._rows_of(is_open=True)),
            "overrides": stored.overrides_of(entry.form for entry in self.overrides),
        }

    def longest(self) -> int:
        """The longest time without a break, once all rows are sound."""
        typed = self.columns()
        hours = hours_of(typed["week"], typed["overrides"], typed["zone"])
        return longest_stretch(hours, self.now.astimezone(hours.zone).date())

    @classmethod
    def of(cls, hours: Any) -> dict[str, Any]:
        """The fields as they would be typed.

        :param hours: a schedule or a set of opening hours.
        """
        return {
            "zone": hours.zone,
            "windows": stored.week_rows(hours.week),
            "open": [str(day) for day, windows in enumerate(hours.week) if windows],
            "overrides": stored.override_rows(hours.overrides),
        }

    def _rows_of(self, *, is_open: bool) -> list[rows.HoursForm]:
        """The rows of days that are open, or of those that aren't."""
        days = self.open.data or []
        return [row.form for row in self.windows if (str(row.form.day) in days) is is_open]

    def _gather(self) -> None:
        """Let the lists say what is wrong in their rows now."""
        for field in (self.windows, self.overrides):
            field.errors = [entry.errors for entry in field if entry.errors]
