"""The verbs of an appointment schedule, and their rules. The only writer of schedules."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from bookme.connections.page import video_options
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.hours import service as hours
from bookme.models import LocationKind, Schedule, User
from bookme.schedules import messages, questions


class SlugTaken(BookMeError):
    """Another living schedule of this host has the address."""


class NoSuchHours(BookMeError):
    """The set of hours that the schedule is to use was deleted meanwhile."""


class NoProvider(BookMeError):
    """A Video Meeting for which neither the schedule nor the host's default names a provider."""


def find(host: User, schedule_id: int) -> Schedule | None:
    """One living schedule of this host."""
    return db.session.scalar(
        sa.select(Schedule).where(
            Schedule.id == schedule_id,
            Schedule.host_id == host.id,
            Schedule.deleted_at.is_(None),
        )
    )


def create(host: User, values: Mapping[str, Any], *, now: datetime) -> Schedule:
    """Add a schedule. An empty slug is made from the title.

    :raises SlugTaken: if another living schedule has the slug that was asked for.
    :raises NoProvider: if it is a Video Meeting that nobody would host.
    :raises NoSuchHours: if the set of hours is gone.
    """
    wanted = dict(values)
    wanted["slug"] = wanted.get("slug") or free_slug(host, wanted["title"])
    asked = wanted.pop("questions", [])
    wanted["message_rules"] = messages.made(wanted.get("message_rules", []))
    with db.session.no_autoflush:
        schedule = Schedule(host=host, created_at=now, **wanted)
        questions.ask(schedule, asked)
        _use_hours(schedule)
        _check_provider(schedule)
    host.set_up_step = None  # there is something to share
    return _saved(schedule)


def update(schedule: Schedule, values: Mapping[str, Any], *, now: datetime) -> Schedule:
    """Change a schedule. Bookings already made keep what they were made with; only the messages at
    times are those of today.

    :raises SlugTaken: if another living schedule has the slug.
    :raises NoProvider: if it is a Video Meeting that nobody would host.
    :raises NoSuchHours: if the set of hours is gone.
    """
    wanted = dict(values)
    if "message_rules" in wanted:
        messages.change(schedule, wanted.pop("message_rules"), now=now)
    with db.session.no_autoflush:
        if "questions" in wanted:
            questions.ask(schedule, wanted.pop("questions"))
        for name, value in wanted.items():
            setattr(schedule, name, value)
        schedule.slug = schedule.slug or free_slug(schedule.host, schedule.title)
        _use_hours(schedule)
        _check_provider(schedule)
    return _saved(schedule)


def duplicate(schedule: Schedule, *, now: datetime) -> Schedule:
    """A copy under another title and slug, switched off so that it can be finished first."""
    kept = {column.key for column in Schedule.__table__.columns} - {
        *("id", "host_id", "title", "slug", "active", "created_at", "deleted_at"),
    }
    title = _("%(title)s (copy)", title=schedule.title[:113])[:120]
    values = {name: getattr(schedule, name) for name in kept}
    copy = Schedule(
        host=schedule.host,
        title=title,
        slug=free_slug(schedule.host, title),
        active=False,
        created_at=now,
        message_rules=messages.copied(schedule),
        **values,
    )
    with db.session.no_autoflush:
        questions.ask(copy, questions.copied(schedule))
        hours.follow(copy)
    return _saved(copy)


def switch(schedule: Schedule, *, on: bool) -> None:
    """Take bookings, or take none for now."""
    schedule.active = on
    db.session.flush()


def delete(schedule: Schedule, *, now: datetime) -> None:
    """Delete a schedule softly: its address is free again, bookings already made stay."""
    schedule.deleted_at = now
    schedule.active = False
    db.session.flush()


def free_slug(host: User, title: str) -> str:
    """An address made from a title that no living schedule of this host has: ``intro-call-2``."""
    base = slug_of(title)
    living = sa.select(Schedule.slug).where(
        Schedule.host_id == host.id, Schedule.deleted_at.is_(None)
    )
    taken = set(db.session.scalars(living))
    numbered = (f"{base[:56]}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)


def slug_of(title: str) -> str:
    """A title as an address: lower case, plain letters, hyphens. ``appointment`` if nothing is
    left.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "appointment"


def _use_hours(schedule: Schedule) -> None:
    if not hours.follow(schedule):
        raise NoSuchHours(f"of host {schedule.host.id}")


def _check_provider(schedule: Schedule) -> None:
    host = schedule.host
    video = schedule.location_kind is LocationKind.VIDEO
    if not video or schedule.video_provider or host.default_video_provider:
        return
    with db.session.no_autoflush:  # this schedule follows only once it is saved
        provider = video_options.default(host)
    if provider is None:
        raise NoProvider("a video meeting without a provider")
    host.default_video_provider = provider  # which the form named as the default


def _saved(schedule: Schedule) -> Schedule:
    try:
        with db.session.begin_nested():
            db.session.add(schedule)
    except IntegrityError as error:
        raise SlugTaken(schedule.slug) from error
    return schedule
