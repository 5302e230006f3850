"""What each folded part of the editor says of itself: what is in it now, in words."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import ngettext

from bookme.models import Timing, Visibility
from bookme.schedules.forms import ScheduleForm
from bookme.schedules.sections.fields import UNITS
from bookme.typed import cut
from bookme.web.filters import counted, short_day
from bookme.web.language_choice import own_name

_MOST_LETTERS = 70


def description(form: ScheduleForm) -> str:
    text = " ".join((form.description.data or "").split())
    short = cut(text, _MOST_LETTERS)
    return f"{short}…" if short != text else text or _("No description")


def hours(form: ScheduleForm) -> str:
    return form.chosen_set.name if form.chosen_set else _("Own hours for this schedule")


def limits(form: ScheduleForm) -> str:
    return " · ".join(_each_limit(form))


def _each_limit(form: ScheduleForm) -> Iterator[str]:
    notice = _length(form, "notice")
    yield _("Notice: %(length)s", length=notice) if notice else _("No minimum notice")
    if form.has_dates and form.has_both_dates:
        first, last = form.dates_from.data, form.dates_until.data
        yield _("%(first)s to %(last)s", first=short_day(first), last=short_day(last))
    elif form.horizon_days.data:
        yield ngettext("%(num)s day ahead", "%(num)s days ahead", form.horizon_days.data)
    if form.buffer_before_minutes.data or form.buffer_after_minutes.data:
        yield _("With buffers")
    if form.max_per_day.data:
        yield _("At most %(most)s a day", most=form.max_per_day.data)
    if form.max_per_week.data:
        yield _("At most %(most)s a week", most=form.max_per_week.data)
    if form.max_per_booker.data:
        yield _("At most %(most)s a booker", most=form.max_per_booker.data)


def access(form: ScheduleForm) -> str:
    said = {
        Visibility.LISTED: _("Everyone"),
        Visibility.HIDDEN: _("Anyone who has its address"),
        Visibility.BY_LINK: _("Only by single-use link"),
    }
    spoken = own_name(form.language.data) if form.language.data else ""
    return " · ".join(filter(None, (said.get(form.visibility.data, ""), spoken)))


def confirmation(form: ScheduleForm) -> str:
    asks = _("You answer each request") if form.needs_approval.data else _("Confirmed at once")
    proof = _("E-mail address confirmed first") if form.confirms_email.data else ""
    return " · ".join(filter(None, (asks, proof)))


def changes(form: ScheduleForm) -> str:
    move, cancel = _length(form, "reschedule_notice"), _length(form, "cancel_notice")
    if not (move or cancel):
        return _("At any time")
    return " · ".join(
        [
            _("Reschedule: until %(length)s before", length=move) if move else "",
            _("Cancel: until %(length)s before", length=cancel) if cancel else "",
        ]
    ).strip(" ·")


def questions(form: ScheduleForm) -> str:
    count = len(form.questions)
    return ngettext("%(num)s question", "%(num)s questions", count) if count else _("None")


def guests(form: ScheduleForm) -> str:
    most = form.max_guests.data
    return ngettext("Up to %(num)s guest", "Up to %(num)s guests", most) if most else _("None")


def messages(form: ScheduleForm) -> str:
    times = [entry.form.timing.data for entry in form.messages]
    before, after = times.count(Timing.BEFORE_START), times.count(Timing.AFTER_END)
    said = [
        ngettext("%(num)s reminder", "%(num)s reminders", before) if before else "",
        ngettext("%(num)s follow-up", "%(num)s follow-ups", after) if after else "",
    ]
    return " · ".join(filter(None, said)) or _("None")


def after(form: ScheduleForm) -> str:
    site = _site(form.redirect_url.data or "")
    said = [
        _("Your own words") if form.after_words.data else "",
        _("A link to %(site)s", site=site) if site else "",
    ]
    return " · ".join(filter(None, said)) or _("Nothing more")


def _site(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _length(form: ScheduleForm, name: str) -> str:
    """A number with its unit, as typed; nothing for none."""
    number, unit = form[name].data, form[f"{name}_unit"].data
    if not number or unit not in UNITS:
        return ""
    return counted(number, unit[:-1])
