"""The page with a schedule's form: what it begins with, and what stands around it."""

from functools import partial
from typing import Any

from flask import Response, request, url_for
from flask_login import current_user

from bookme.clock import utcnow
from bookme.connections import usage
from bookme.connections.page import video_options
from bookme.hours import service as hours
from bookme.hours import time_fields
from bookme.models import OFFICE_HOURS, LocationKind, Schedule
from bookme.schedules import folds, forms, messages, missing, missing_words, providers
from bookme.schedules.sections.lengths import USUAL
from bookme.web import htmx


def fresh() -> Schedule:
    """What a new schedule begins with; not added to the session."""
    video = video_options.default(current_user)
    kind = LocationKind.VIDEO if video else LocationKind.IN_PERSON
    defaults: dict[str, Any] = {"duration_minutes": 30, "step_minutes": 30, "horizon_days": 60}
    buffers = {"buffer_before_minutes": 0, "buffer_after_minutes": 0, "notice_minutes": 240}
    sets = hours.of_host(current_user)
    begins = {"zone": current_user.zone, "week": OFFICE_HOURS, "overrides": {}}
    if sets:
        oldest = sets[0]
        begins = {"zone": oldest.zone, "week": oldest.week, "overrides": oldest.overrides}
    return Schedule(
        opening_hours_id=sets[0].id if sets else None,
        **begins,
        location_kind=kind,
        message_rules=messages.usual(),
        **defaults,
        **buffers,
    )


def form_of(schedule: Schedule | None) -> forms.ScheduleForm:
    """The form of a schedule (none: a new one), as stored or, in a POST, as typed."""
    form = forms.ScheduleForm(data=forms.ScheduleForm.typed(schedule) if schedule else None)
    chosen = schedule.video_provider if schedule else None
    form.video_provider.choices = providers.choices(current_user, chosen)
    form.now = utcnow()
    form.offer_zones(form.zone.data or current_user.zone)
    form.offer_sets(hours.of_host(current_user))
    return form


def page(
    form: forms.ScheduleForm, schedule: Schedule | None, status: int = 200, **preview: Any
) -> Response:
    """The page of a schedule's form, or of a new one's.

    :param preview: what the preview shows, where it was asked for without htmx.
    """
    connected = usage.connected(current_user.id)
    lacks = missing.of(schedule, connected, now=form.now) if schedule else []
    shown: dict[str, Any] = {
        "form": form,
        "parts": folds.of(form, forms.ScheduleForm.typed(schedule or fresh())),
        "weekdays": time_fields.weekdays(),
        "usual_lengths": USUAL,
        "connections": providers.connected(current_user),
        "unable": providers.unable(current_user),
        "is_changed": request.method == "POST",
        "lacks": lacks,
        **around(schedule),
        **preview,
    }
    return htmx.render("schedules/edit.html", "schedules/_form.html", status, **shown)


def around(schedule: Schedule | None) -> dict[str, Any]:
    """Where the form of a schedule goes, or of a new one, and what its preview needs."""
    action, preview = url_for("schedules.save_new"), url_for("ahead.preview_new")
    if schedule is not None:
        action = url_for("schedules.save", schedule_id=schedule.id)
        preview = url_for("ahead.preview", schedule_id=schedule.id)
    return {
        "action": action,
        "preview_action": preview,
        "schedule": schedule,
        "lack_words": partial(missing_words.said, in_editor=True),
    }
