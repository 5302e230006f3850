"""What a booker reads where something is not as wished for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bookme import waits
from bookme.availability import Refusal
from bookme.bookings.messages.message_state import Video, video
from bookme.bookings.slots import BLIND, CLOSED, LENGTH
from bookme.bookings.summary import join_words as join_words
from bookme.models import Actor, Booking, BookingStatus, Caller, LocationKind, Schedule
from bookme.schedules import missing
from bookme.typed import apart
from bookme.web.filters import provider_label, typed

#: Why a time can't be booked. ``%(host)s`` is the host's name.
REASONS: dict[str, LazyString] = {
    Refusal.PAST: _l("That time has passed."),
    Refusal.NOTICE: _l("That time is too soon. %(host)s needs more notice."),
    Refusal.HORIZON: _l("That time is too far ahead. You can’t book it yet."),
    Refusal.DATES: _l("That date can’t be booked. Choose another one."),
    Refusal.BOOKER_LIMIT: _l(
        "You already have as many upcoming appointments as %(host)s allows. Book again after one "
        "of them, or reschedule one."
    ),
    Refusal.OUTSIDE: _l("%(host)s isn’t available at that time."),
    Refusal.OFF_GRID: _l("No appointment starts at that time."),
    Refusal.LIMIT: _l("%(host)s can’t take more appointments on that day or in that week."),
    Refusal.HOST_LIMIT: _l("%(host)s can’t take more appointments on that day or in that week."),
    Refusal.TAKEN: _l("That time was just taken."),
    LENGTH: _l("That length isn’t available any more."),
    CLOSED: _l("%(host)s isn’t taking bookings here at the moment."),
    BLIND: _l("There are no times at the moment. Try again later."),
}


def reason(refused: str, host: str) -> str:
    """Why a time can't be booked."""
    return str(REASONS[refused] % {"host": apart(host)})


def where(schedule: Schedule) -> str:
    """Where an appointment of this schedule takes place, for somebody who thinks of booking it."""
    host = apart(schedule.host.name)
    if schedule.location_kind is LocationKind.IN_PERSON:
        return typed(schedule.address)
    if schedule.location_kind is LocationKind.PHONE:
        if schedule.caller is Caller.HOST:
            return _("Phone. %(host)s will call you.", host=host)
        return _("Phone. You call %(host)s.", host=host)
    if not missing.makes_links(schedule):
        return _("Video call. %(host)s will send you the link.", host=host)
    label = provider_label(schedule.provider or "")
    return _("%(provider)s. We’ll send you the link by e-mail.", provider=label)


def place(booking: Booking) -> str:
    """Where a booked appointment takes place."""
    host = apart(booking.host.name)
    if booking.location_kind is LocationKind.IN_PERSON:
        return typed(booking.address)
    if booking.location_kind is LocationKind.VIDEO:
        return provider_label(booking.video_provider or "") or _("Video call")
    if booking.caller is Caller.BOOKER:
        return _("Phone. Call %(host)s on %(number)s.", host=host, number=_number(booking.phone))
    if booking.booker is None:
        return _("Phone. %(host)s will call you.", host=host)
    number = _number(booking.booker.phone)
    return _("Phone. %(host)s will call you on %(number)s.", host=host, number=number)


def _number(phone: str) -> str:
    """A telephone number in a sentence, all of it on one line."""
    return apart(phone.replace(" ", "\N{NO-BREAK SPACE}"))


def minutes(booking: Booking) -> int:
    """How long a booked appointment lasts."""
    return (booking.ends_at - booking.starts_at) // timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """What is said in place of a video link that is not there.

    :ivar soon: it is worth waiting for on this very page.
    :ivar later: it is worth another look.
    """

    text: str
    soon: bool = False
    later: bool = False


def no_link(booking: Booking, now: datetime) -> Line:
    """Why there is no video link, and how it will come."""
    host, provider = apart(booking.host.name), provider_label(booking.video_provider or "")
    if video(booking) is not Video.COMING:
        return Line(_("%(host)s will send you the link.", host=host))
    if _is_old(booking.created_at, now) and _is_old(booking.confirmed_at, now):
        return Line(_("We’ll send you the link by e-mail."), later=True)
    if booking.meeting is not None and booking.meeting.trouble is not None:
        return Line(_slow(provider), soon=True)
    if not provider:
        return Line(_("We’re creating your video link."), soon=True)
    return Line(_("We’re creating your %(provider)s link.", provider=provider), soon=True)


def go_by_history(booking: Booking, now: datetime) -> bool:
    """Whether :func:`no_link` looks into the booking's history."""
    return video(booking) is Video.COMING and _is_old(booking.created_at, now)


def _is_old(at: datetime, now: datetime) -> bool:
    return now - at >= waits.LINK_PATIENCE


def _slow(provider: str) -> str:
    if not provider:
        return _("The link is taking longer than usual. We’ll send it by e-mail, too.")
    return _(
        "%(provider)s is taking longer than usual. We’ll send the link by e-mail, too.",
        provider=provider,
    )


#: A booking's state as a badge: kind and words.
_STATES = {
    BookingStatus.HELD: ("waiting", _l("Not confirmed yet")),
    BookingStatus.PENDING: ("waiting", _l("Not confirmed yet")),
    BookingStatus.CONFIRMED: ("good", _l("Confirmed")),
    BookingStatus.CANCELLED: ("bad", _l("Cancelled")),
    BookingStatus.DECLINED: ("bad", _l("Declined")),
    BookingStatus.LAPSED: ("bad", _l("Not answered in time")),
}


def state(booking: Booking, now: datetime) -> tuple[str, LazyString | str]:
    """A booking's state as a badge: kind and words."""
    if booking.holds_time and booking.is_over(now):
        return "", _("Past")
    if booking.holds_time and booking.asked_to_move_at is not None:
        return "warn", _("New time needed")
    return _STATES[booking.status]


def ending(booking: Booking) -> str:
    """How a booking ended, and by whom."""
    host = apart(booking.host.name)
    if booking.status is BookingStatus.DECLINED:
        return _("%(host)s can’t take your request.", host=host)
    if booking.status is BookingStatus.LAPSED:
        return _("%(host)s didn’t answer your request in time.", host=host)
    if booking.cancelled_by is Actor.BOOKER:
        return _("You cancelled this booking.")
    if booking.cancelled_by is Actor.HOST:
        return _("%(host)s cancelled this booking.", host=host)
    return _("This booking was cancelled.")
