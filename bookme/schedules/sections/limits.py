"""How close together, how soon, how far ahead and how many."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

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


class LimitsSection(Section):
    step_minutes = Whole(_l("Minutes between start times"), validators=whole(5, 1440, MINUTES))
    buffer_before_minutes = Whole(
        _l("Buffer before, in minutes"), validators=whole(0, 1440, MINUTES)
    )
    buffer_after_minutes = Whole(_l("Buffer after, in minutes"), validators=whole(0, 1440, MINUTES))
    notice = Whole(_l("Minimum notice (hours or days)"), validators=whole(0, 10_000, NUMBER))
    notice_unit = SelectField(_l("Unit"), choices=UNIT_CHOICES)
    horizon_days = Whole(_l("How many days ahead"), validators=whole(1, 730, DAYS))
    max_per_day = Whole(_l("Daily limit"), validators=whole_if_any(1, 1000, NUMBER))
    max_per_week = Whole(_l("Weekly limit"), validators=whole_if_any(1, 1000, NUMBER))

    def values(self) -> dict[str, Any]:
        buffers = ("buffer_before_minutes", "buffer_after_minutes")
        names = ("step_minutes", *buffers, "horizon_days", "max_per_day", "max_per_week")
        return {name: self[name].data for name in names} | {
            "notice_minutes": self.notice.data * UNITS[self.notice_unit.data]
        }

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        notice, unit = in_units(schedule.notice_minutes)
        return {"notice": notice, "notice_unit": unit}
