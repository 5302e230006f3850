"""What a booker reads where something is not as wished for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bookme import waits
from bookme.availability import Refusal
from bookme.bookings.messages.message_state import Video, video
from bookme.bookings.slots import BLIND, CLOSED
from bookme.models import Actor, Booking, Caller, LocationKind, Schedule
from bookme.typed import apart
from bookme.web.filters import provider_label

REASONS: dict[str, str] = {
    Refusal.PAST: "That time is past.",
    Refusal.NOTICE: "That time is too near: {host} needs to know earlier.",
    Refusal.HORIZON: "That time is too far ahead to be booked yet.",
    Refusal.OUTSIDE: "{host} is not available at that time.",
    Refusal.OFF_GRID: "No appointment begins at that time.",
    Refusal.LIMIT: "{host} takes no more appointments on that day or in that week.",
    Refusal.TAKEN: "That time was just taken.",
    CLOSED: "{host} takes no bookings here at the moment.",
    BLIND: "There are no times at the moment. Please look again later.",
}


def reason(refused: str, host: str) -> str:
    """Why a time cannot be had."""
    return REASONS[refused].format(host=apart(host))


def where(schedule: Schedule) -> str:
    """Where an appointment of this schedule takes place, for somebody who thinks of booking it."""
    if schedule.location_kind is LocationKind.IN_PERSON:
        return schedule.address
    if schedule.location_kind is LocationKind.PHONE:
        host = apart(schedule.host.name)
        return (
            f"Phone. {host} calls you."
            if schedule.caller is Caller.HOST
            else f"Phone. You call {host}."
        )
    provider = schedule.provider
    if provider is None:
        return f"Video call. {apart(schedule.host.name)} sends you the link."
    return f"{provider_label(provider)}. The link comes by mail."


def place(booking: Booking) -> str:
    """Where a booked appointment takes place."""
    if booking.location_kind is LocationKind.IN_PERSON:
        return booking.address
    if booking.location_kind is LocationKind.VIDEO:
        return provider_label(booking.video_provider or "") or "Video call"
    if booking.caller is Caller.BOOKER:
        return f"Phone. Call {apart(booking.host.name)} on {apart(booking.phone)}."
    booker = booking.booker
    number = f" on {apart(booker.phone)}" if booker else ""
    return f"Phone. {apart(booking.host.name)} calls you{number}."


def minutes(booking: Booking) -> int:
    """How long a booked appointment lasts."""
    return (booking.ends_at - booking.starts_at) // timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """What is said in place of a video link that is not there.

    :ivar soon: it is worth waiting for on this very page.
    """

    text: str
    soon: bool = False


def no_link(booking: Booking, now: datetime) -> Line:
    """Why there is no video link, and how it will come."""
    provider = provider_label(booking.video_provider or "") or "video"
    if video(booking) is not Video.COMING:
        return Line(f"{apart(booking.host.name)} will send you the link.")
    if now - booking.created_at >= waits.LINK_PATIENCE:
        return Line("The link follows by mail.")
    if booking.meeting is not None and booking.meeting.trouble is not None:
        return Line(f"{provider} is slow to answer. The link also follows by mail.", soon=True)
    return Line(f"Your {provider} link is being made.", soon=True)


def ending(booking: Booking) -> str:
    """Who cancelled a booking."""
    if booking.cancelled_by is Actor.BOOKER:
        return "You cancelled this booking."
    if booking.cancelled_by is Actor.HOST:
        return f"{apart(booking.host.name)} cancelled this booking."
    return "This booking was cancelled."
