"""The form of an appointment schedule: its sections, one after the other."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from bookme.models import Schedule
from bookme.schedules.sections.access import AccessSection
from bookme.schedules.sections.after import AfterSection
from bookme.schedules.sections.guests import GuestsSection
from bookme.schedules.sections.limits import LimitsSection
from bookme.schedules.sections.location import LocationSection
from bookme.schedules.sections.messages import MessagesSection
from bookme.schedules.sections.opening import OpeningSection
from bookme.schedules.sections.questions import QuestionsSection
from bookme.schedules.sections.section import Section
from bookme.schedules.sections.what import WhatSection
from bookme.web.filters import duration

#: As far as calendars are read.
_FURTHEST = timedelta(days=730)

SECTIONS: tuple[type[Section], ...] = (
    WhatSection,
    LocationSection,
    OpeningSection,
    LimitsSection,
    AccessSection,
    QuestionsSection,
    GuestsSection,
    MessagesSection,
    AfterSection,
)


class ScheduleForm(
    AfterSection,
    MessagesSection,
    GuestsSection,
    QuestionsSection,
    AccessSection,
    LimitsSection,
    OpeningSection,
    LocationSection,
    WhatSection,
):
    """Turns what the host typed into what a schedule is to be (:meth:`values`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In the order of the page, in which what is wrong is listed.
        names = sorted((field.short_name for field in self), key=_section_of)
        self._fields: dict[str, Field] = {name: self[name] for name in names}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check everything, so that all that is wrong is said at once."""
        fine = super().validate(extra_validators)
        checked = [section.check(self) for section in SECTIONS]
        return fine and all(checked) and self._fits()

    def _fits(self) -> bool:
        """Check the sections against one another, once each is sound by itself."""
        longest = self.longest()
        if max(self.lengths()) > longest:
            field = self.other_lengths
            if self.duration_minutes.data > longest:
                field = self.duration_minutes
            field.errors = [
                _(
                    "The opening hours are too short for this. Enter at most %(length)s, or "
                    "change the hours.",
                    length=duration(longest),
                )
            ]
        if self.has_dates:
            today = self.now.astimezone(self.hours_zone()).date()
            if self.dates_until.data < today:
                self.dates_until.errors = [_("These dates are over. Enter a later last date.")]
            elif self.dates_until.data > today + _FURTHEST:
                self.dates_until.errors = [_("Enter a date in the next two years.")]
        return not self.errors

    def values(self) -> dict[str, Any]:
        """The attributes of a schedule, once the form is valid."""
        return {name: value for one in SECTIONS for name, value in one.values(self).items()}

    def grow(self, what: str) -> None:
        """One more row, as the button that was pressed says; none for a button of no page."""
        for section in SECTIONS:
            if what in section.GROWS:
                section.add_row(self, what)

    def shrink(self, name: str) -> None:
        """One row less: the one of this name, such as ``messages-0``, if there is one."""
        growing = {rows for section in SECTIONS for rows in section.GROWS.values()}
        for rows in (self[one] for one in growing):
            for place in [n for n, entry in enumerate(rows.entries) if entry.name == name]:
                rows.remove(place)

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        """A schedule as the form shows it."""
        columns = {one.key: getattr(schedule, one.key) for one in Schedule.__table__.columns}
        return columns | {k: v for one in SECTIONS for k, v in one.typed(schedule).items()}


def _section_of(field: str) -> int:
    """The place of the section that has a field; the end for one that none has."""
    having = (place for place, section in enumerate(SECTIONS) if hasattr(section, field))
    return next(having, len(SECTIONS))
