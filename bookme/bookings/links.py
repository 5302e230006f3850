"""Single-use links: each admits one booking."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from bookme.crypto import fingerprint
from bookme.errors import LinkSpent
from bookme.extensions import db
from bookme.models import Booking, BookingLink, BookingStatus, Schedule


class LinkState(StrEnum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


def find(schedule: Schedule, secret: str) -> BookingLink | None:
    """The schedule's link with this secret, whatever its state."""
    return db.session.scalar(
        sa.select(BookingLink).where(
            BookingLink.token_hash == fingerprint(secret), BookingLink.schedule_id == schedule.id
        )
    )


def state(link: BookingLink, *, now: datetime) -> LinkState:
    """Whether a link admits somebody, and if not why."""
    if not link.uses_left:
        return LinkState.USED
    if link.revoked_at is not None:
        return LinkState.REVOKED
    if link.expires_at is not None and link.expires_at <= now:
        return LinkState.EXPIRED
    return LinkState.OPEN


def shown_state(link: BookingLink, *, now: datetime) -> LinkState:
    """The same as its host sees it: a link that is held for an e-mail address, which may come
    back, is as good as unused.
    """
    if link.booking is not None and link.booking.status is BookingStatus.HELD:
        return LinkState.REVOKED if link.revoked_at is not None else LinkState.OPEN
    return state(link, now=now)


def refuse_unless_open(link: BookingLink, *, now: datetime) -> None:
    """Lock a link and look at it anew. The caller has locked the host.

    :raises LinkSpent: if it was used, revoked, or has expired.
    """
    db.session.refresh(link, with_for_update={"key_share": True})
    found = state(link, now=now)
    if found is not LinkState.OPEN:
        raise LinkSpent(found)


def use_up(link: BookingLink, booking: Booking) -> None:
    """Let a link admit a booking, and nobody after it."""
    link.uses_left -= 1
    link.booking = booking
