"""Whom a booker may bring."""

from typing import Any

from flask_babel import lazy_gettext as _l

from bookme.models import Schedule
from bookme.schedules.sections.fields import NUMBER, Whole, whole
from bookme.schedules.sections.section import Section

MOST = 10


class GuestsSection(Section):
    max_guests = Whole(_l("Guests a booker can add"), validators=whole(0, MOST, NUMBER))

    def values(self) -> dict[str, Any]:
        return {"max_guests": self.max_guests.data}

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        return {"max_guests": MOST if schedule.max_guests is None else schedule.max_guests}
