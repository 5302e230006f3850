"""The times that a host can choose from: the booker's picker, read as the host reads times."""

from datetime import datetime
from typing import Any

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bookme.availability import Refusal
from bookme.bookings.slots import BLIND, CLOSED, LENGTH, takes_bookings
from bookme.models import Booking, Schedule, User
from bookme.public import words
from bookme.public.links import Links
from bookme.public.picker import picker
from bookme.public.reader import Reader

_TAKEN = _l("That time has just been taken. Choose another one.")
#: Why a time is not to be had, in words.
REASONS: dict[str, LazyString] = {
    Refusal.PAST: _l("That time is in the past. Choose a later one."),
    Refusal.NOTICE: _l(
        "That time is too soon for the schedule's minimum notice. Choose a later one."
    ),
    Refusal.HORIZON: _l(
        "That time is further ahead than the schedule allows. Choose an earlier one."
    ),
    Refusal.DATES: _l("That date is none of the schedule's dates. Choose another one."),
    Refusal.OUTSIDE: _l("That time is outside the schedule's opening hours. Choose one of these."),
    Refusal.OFF_GRID: _l("No appointment starts at that time. Choose one of these."),
    Refusal.LIMIT: _l(
        "The schedule has reached its limit of bookings for then. Choose another time."
    ),
    Refusal.HOST_LIMIT: _l(
        "You've reached your limit of bookings for then. Choose another time, or change the limit "
        "under Hours."
    ),
    Refusal.BOOKER_LIMIT: _l("This person has as many upcoming appointments as you allow."),
    LENGTH: _l("The schedule doesn't offer this length."),
    Refusal.TAKEN: _TAKEN,
    "taken": _TAKEN,
    CLOSED: _l("The schedule is switched off or deleted, so it has no times."),
    BLIND: _l(
        "We can't read one of your calendars, so no times are offered. The Connections page says "
        "which one."
    ),
}


def reason(refused: str | None) -> str:
    """Why a time is not to be had, in words; empty where it is."""
    return str(REASONS[refused]) if refused else ""


def reader(host: User) -> Reader:
    """A host reads times as their account says, whatever the address asks for."""
    return Reader(zone=host.zone, hours=host.clock_hours, locale=host.locale)


def context(
    schedule: Schedule, here: str, there: str, *, now: datetime, moving: Booking | None = None
) -> dict[str, Any]:
    """What the picker's templates need.

    :param here: the address of the page that the picker is on.
    :param there: the address that a chosen time leads to.
    :param moving: a booking that looks for another time; its day is shown first.
    """
    reads = reader(schedule.host)
    found = picker(schedule, reads, request.args.to_dict(), now=now, moving=moving)
    return {
        "schedule": schedule,
        "moving": moving,
        "reader": reads,
        "picker": found,
        "links": Links(here, there, reads, found, found.chosen),
        "closed": "" if takes_bookings(schedule) else reason(CLOSED),
        "words": words,
        "now": now,
    }
