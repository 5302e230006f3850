"""When people can book: the zone, the week, and dates with other hours."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice as Choice

from bookme.accounts import zones
from bookme.models import Schedule
from bookme.schedules.sections import hours
from bookme.schedules.sections.section import Section
from bookme.web.fields import Form


class OpeningSection(Section):
    GROWS: ClassVar[dict[str, str]] = {
        "date": "overrides",
        **dict.fromkeys("0123456", "windows"),
    }

    zone = SelectField(_l("Time zone"), validate_choice=False)
    windows = hours.Rows(hours.HoursForm, _l("Opening hours"))
    overrides = hours.Rows(hours.OverrideForm, _l("Dates with other hours"))

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

    def check(self) -> bool:
        week = hours.check_week(entry.form for entry in self.windows)
        dates = hours.check_overrides(entry.form for entry in self.overrides)
        for rows in (self.windows, self.overrides):  # what was found in them just now
            rows.errors = [entry.errors for entry in rows if entry.errors]
        return week and dates

    @classmethod
    def add_row(cls, form: Form, what: str) -> None:
        """One more row for hours on a weekday (``0`` to ``6``), or for a date."""
        if cls.GROWS[what] == "windows":
            form["windows"].append_entry({"weekday": what})
        else:
            super().add_row(form, what)

    def values(self) -> dict[str, Any]:
        return {
            "zone": self.zone.data,
            "week": hours.week_of(entry.form for entry in self.windows),
            "overrides": hours.overrides_of(entry.form for entry in self.overrides),
        }

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        return {
            "windows": hours.week_rows(schedule.week),
            "overrides": hours.override_rows(schedule.overrides),
        }
