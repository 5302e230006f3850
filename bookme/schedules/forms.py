"""The form of an appointment schedule: its sections, one after the other."""

from typing import Any

from bookme.models import Schedule
from bookme.schedules.sections.after import AfterSection
from bookme.schedules.sections.guests import GuestsSection
from bookme.schedules.sections.limits import LimitsSection
from bookme.schedules.sections.location import LocationSection
from bookme.schedules.sections.opening import OpeningSection
from bookme.schedules.sections.questions import QuestionsSection
from bookme.schedules.sections.section import Section
from bookme.schedules.sections.what import WhatSection

SECTIONS: tuple[type[Section], ...] = (
    WhatSection,
    LocationSection,
    OpeningSection,
    LimitsSection,
    QuestionsSection,
    GuestsSection,
    AfterSection,
)


class ScheduleForm(
    AfterSection,
    GuestsSection,
    QuestionsSection,
    LimitsSection,
    OpeningSection,
    LocationSection,
    WhatSection,
):
    """Turns what the host typed into what a schedule is to be (:meth:`values`)."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check everything, so that all that is wrong is said at once."""
        fine = super().validate(extra_validators)
        checked = [section.check(self) for section in SECTIONS]
        return fine and all(checked)

    def values(self) -> dict[str, Any]:
        """The attributes of a schedule, once the form is valid."""
        return {name: value for one in SECTIONS for name, value in one.values(self).items()}

    def grow(self, what: str) -> None:
        """One more row, as the button that was pressed says; none for a button of no page."""
        for section in SECTIONS:
            if what in section.GROWS:
                section.add_row(self, what)

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        """A schedule as the form shows it."""
        columns = {one.key: getattr(schedule, one.key) for one in Schedule.__table__.columns}
        return columns | {k: v for one in SECTIONS for k, v in one.typed(schedule).items()}
