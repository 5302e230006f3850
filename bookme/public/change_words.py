"""What a booker reads of what they may change, until when, and what a booking waits for."""

from datetime import datetime

from flask_babel import gettext as _

from bookme.bookings import cut_offs
from bookme.models import HELD_MINUTES, Booking, Schedule
from bookme.public.reader import Reader
from bookme.typed import apart
from bookme.web.filters import counted, duration, when, zone_time

_DAY = 24 * 60


def before(schedule: Schedule) -> list[str]:
    """What somebody should know who thinks of booking, a sentence each."""
    host, said = apart(schedule.host.name), []
    if schedule.confirms_email:
        wait = duration(HELD_MINUTES)
        said.append(_("We’ll e-mail you a link. Open it within %(wait)s to book.", wait=wait))
    if schedule.needs_approval:
        said.append(
            _("%(host)s has to accept your request. We’ll e-mail you the answer.", host=host)
        )
    return said + _cut_offs(schedule)


def _cut_offs(schedule: Schedule) -> list[str]:
    move, cancel = schedule.reschedule_notice_minutes, schedule.cancel_notice_minutes
    if move == cancel:
        if move is None:
            return []
        if not move:
            return [_("You can reschedule or cancel until the start.")]
        return [_("You can reschedule or cancel until %(time)s before the start.", time=_of(move))]
    said = []
    if move is not None:
        said.append(
            _("You can reschedule until %(time)s before the start.", time=_of(move))
            if move
            else _("You can reschedule until the start.")
        )
    if cancel is not None:
        said.append(
            _("You can cancel until %(time)s before the start.", time=_of(cancel))
            if cancel
            else _("You can cancel until the start.")
        )
    return said


def _of(minutes: int) -> str:
    if minutes % _DAY == 0:
        return counted(minutes // _DAY, "day")
    return duration(minutes)


def can_move(booking: Booking, now: datetime) -> bool:
    """Whether the booker's time to reschedule isn't over."""
    return not cut_offs.has_passed(cut_offs.reschedule_until(booking), now)


def can_cancel(booking: Booking, now: datetime) -> bool:
    """The same for cancelling."""
    return not cut_offs.has_passed(cut_offs.cancel_until(booking), now)


def until(booking: Booking, reader: Reader, now: datetime) -> list[str]:
    """Until when the booker may still reschedule and cancel, a sentence each."""
    return cut_offs.in_words(booking, lambda at: _at(at, reader), now=now)


def too_late(booking: Booking, now: datetime) -> str:
    """What the booker may not do here any more; empty if nothing."""
    move, cancel = can_move(booking, now), can_cancel(booking, now)
    if not move and not cancel:
        return _("It’s too late to reschedule or cancel here.")
    if not move:
        return _("It’s too late to reschedule here.")
    return "" if cancel else _("It’s too late to cancel here.")


def waits_until(booking: Booking, reader: Reader) -> str:
    """Until when somebody's answer is awaited, in the reader's time."""
    return _at(booking.lapses_at, reader) if booking.lapses_at is not None else ""


def _at(at: datetime, reader: Reader) -> str:
    shown = when(at, reader.zone, reader.hours, reader.locale)
    return _("%(when)s (%(zone)s)", when=shown, zone=zone_time(reader.zone))
