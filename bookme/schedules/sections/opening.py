"""When people can book: by one of the host's sets of hours, or by hours of the schedule's own."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice as Choice

from bookme.availability import longest_stretch
from bookme.hours import checks
from bookme.hours.section import HoursFields
from bookme.models import OpeningHours, Schedule
from bookme.schedules.sections.section import Section

OWN = "own"


class OpeningSection(HoursFields, Section):
    GROWS = HoursFields.GROWS

    use_hours = SelectField(_l("Use"), default=OWN)

    def offer_sets(self, sets: Iterable[OpeningHours]) -> None:
        """List the host's sets, and hours of the schedule's own."""
        self.sets = {str(one.id): one for one in sets}
        own = Choice(OWN, _l("Own hours for this schedule"))
        self.use_hours.choices = [*(Choice(key, one.name) for key, one in self.sets.items()), own]

    @property
    def chosen_set(self) -> OpeningHours | None:
        """The set whose hours the schedule is to have; None for its own."""
        return self.sets.get(self.use_hours.data)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.chosen_set is not None:  # what was typed as own hours doesn't count
            checks.forgive(
                entry.form for field in (self.windows, self.overrides) for entry in field
            )
            self.zone.errors = []
            self._gather()
        return not self.errors

    def check(self) -> bool:
        return self.chosen_set is not None or self.check_hours()

    def hours_zone(self) -> ZoneInfo:
        """The zone of the hours, once the form is valid."""
        return ZoneInfo(self.chosen_set.zone if self.chosen_set else self.zone.data)

    def longest(self) -> int:
        if self.chosen_set is None:
            return super().longest()
        hours = self.chosen_set.hours
        return longest_stretch(hours, self.now.astimezone(hours.zone).date())

    def values(self) -> dict[str, Any]:
        if self.chosen_set is not None:
            return {"opening_hours_id": self.chosen_set.id}
        return {"opening_hours_id": None, **self.columns()}

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        own = schedule.opening_hours_id is None
        return {
            "use_hours": OWN if own else str(schedule.opening_hours_id),
            **cls.of(schedule),
        }
