"""A schedule as it is typed so far. It's never stored."""

from bookme.models import Schedule, User
from bookme.schedules.forms import SECTIONS, ScheduleForm
from bookme.schedules.sections.messages import MessagesSection
from bookme.schedules.sections.questions import QuestionsSection
from bookme.schedules.sections.section import Section

#: What is no column, and says nothing of when and where.
_APART = (QuestionsSection, MessagesSection)


def of(form: ScheduleForm, base: Schedule, host: User) -> tuple[Schedule, bool]:
    """What is typed, and whether all of it counts. What is wrong stays as it is in ``base``.

    Checks the form, so that it has its errors then.
    """
    is_sound = form.validate()
    columns = {one.key: getattr(base, one.key) for one in Schedule.__table__.columns}
    for section in SECTIONS:
        if section not in _APART and _is_sound(form, section):
            columns |= section.values(form)
    if columns["opening_hours_id"] is not None and form.chosen_set is not None:
        chosen = form.chosen_set
        columns |= {"zone": chosen.zone, "week": chosen.week, "overrides": chosen.overrides}
    columns["durations"] = columns["durations"] or [columns["duration_minutes"]]
    return Schedule(**columns | {"host": host, "host_id": host.id}), is_sound


def _is_sound(form: ScheduleForm, section: type[Section]) -> bool:
    names = (field.short_name for field in form)
    return not any(form[name].errors for name in names if hasattr(section, name))
