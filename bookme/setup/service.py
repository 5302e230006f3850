"""The verbs of the set-up. Each step is saved by itself, in the rows that the rest of the dashboard
changes too; ``set_up_step`` says only which one comes next.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from bookme.accounts import service as accounts
from bookme.connections.page import video_options
from bookme.extensions import db
from bookme.hours import service as hours
from bookme.models import (
    OFFICE_HOURS,
    Caller,
    LocationKind,
    OpeningHours,
    Schedule,
    SetUpStep,
    User,
)
from bookme.schedules import listing, messages
from bookme.schedules import service as schedules


def next_step(host: User) -> SetUpStep | None:
    """Where the set-up goes on; None if it's over."""
    return SetUpStep(host.set_up_step) if host.set_up_step is not None else None


def leave(host: User, step: SetUpStep) -> None:
    """A step is done, or skipped: the set-up goes on after it. Going back to one takes nothing
    away from what came after it.
    """
    if host.set_up_step is not None:
        host.set_up_step = max(host.set_up_step, step + 1)
    db.session.flush()


def save_address(host: User, *, handle: str, zone: str, now: datetime) -> None:
    """Set the address of the host's page, and the zone. In a set-up that isn't over, hours that
    were meant in the zone of before are meant in this one.

    :raises bookme.accounts.service.HandleTaken: if the handle is another host's.
    """
    before = host.zone
    kept = {name: getattr(host, name) for name in ("name", "contact", "locale", "clock_hours")}
    accounts.change_profile(host, handle=handle, zone=zone, now=now, **kept)
    if host.set_up_step is not None and zone != before:
        for one in hours.of_host(host):
            if one.zone == before:
                hours.change(one, {"zone": zone}, now=now)
    leave(host, SetUpStep.ADDRESS)


def first_hours(host: User) -> OpeningHours:
    """The set that new schedules begin with; office hours, not added to the session, if there is
    none.
    """
    usual = {"name": _("Working hours"), "zone": host.zone, "week": OFFICE_HOURS, "overrides": {}}
    return next(iter(hours.of_host(host)), None) or OpeningHours(**usual)


def save_hours(host: User, week: list[list[list[int]]], *, now: datetime) -> None:
    """Set the week of that set.

    :raises bookme.hours.service.TooShort: if a schedule that uses it doesn't fit any more.
    """
    chosen = first_hours(host)
    if chosen.id is not None:
        hours.change(chosen, {"week": week}, now=now)
    else:
        made = {"name": chosen.name, "zone": chosen.zone, "week": week, "overrides": {}}
        hours.create(host, made, now=now)
    leave(host, SetUpStep.HOURS)


def video(host: User) -> str | None:
    """The video provider for a first schedule, empty for the host's default; None if there are no
    meetings to be had.
    """
    ready = [one.name for one in video_options.options(host) if one.can_meet]
    if not ready:
        return None
    return "" if video_options.default(host) in ready else ready[0]


def place(host: User) -> dict[str, Any]:
    """Where a first schedule takes place, unless its host says otherwise."""
    provider = video(host)
    if provider is None:
        return {"location_kind": LocationKind.PHONE, "caller": Caller.HOST}
    return {"location_kind": LocationKind.VIDEO, "video_provider": provider or None}


def publish(host: User, values: Mapping[str, Any], *, now: datetime) -> Schedule:
    """Make the host's first schedule: half an hour in the first set of hours, with the usual
    reminders. A second click finds the one that the first has made.

    :param values: where it takes place, and what it's called if not Intro call.
    :raises bookme.schedules.service.NoProvider: if it's a Video Meeting that nobody would host.
    """
    lock: dict[str, Any] = {"populate_existing": True, "with_for_update": {"key_share": True}}
    db.session.get(User, host.id, **lock)
    found = listing.first(host)
    if found is not None:
        return found
    begins = first_hours(host)
    usual = {
        "title": _("Intro call"),
        "opening_hours_id": begins.id,
        "zone": begins.zone,
        "week": begins.week,
        "message_rules": messages.usual_values(),
    }
    return schedules.create(host, {**usual, **values}, now=now)
