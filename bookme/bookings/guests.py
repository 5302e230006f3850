"""Guests, whom a booker brings: each is told by messages of their own, and may take themselves off.

The link for that is signed and kept nowhere. It names the person's row and the booking, so that it
says nothing of anybody else once the row is gone. Guests are never given the booking's token.
"""

import hashlib
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import contains_eager

from bookme import wal
from bookme.accounts.links import address
from bookme.bookings import people
from bookme.bookings.history import record
from bookme.bookings.sent import forget_words
from bookme.extensions import db
from bookme.models import Actor, Attendee, Booking, EventKind, Role


def link(guest: Attendee) -> str:
    """The address of the page on which a guest takes themselves off."""
    token = _signer().dumps([guest.id, guest.booking.reference])
    return address("public.ask_leave", token=token)


def booking_and_guest(token: str) -> tuple[Booking, Attendee | None] | None:
    """What a guest's link stands for; None if it is none of ours, or the booking is gone. The guest
    is None once they are off.
    """
    try:
        guest_id, reference = _signer().loads(token)
    except (BadSignature, TypeError, ValueError):
        return None
    booking = db.session.scalar(sa.select(Booking).where(Booking.reference == reference))
    if booking is None:
        return None
    query = (
        sa.select(Attendee)
        .join(Attendee.booking)
        .options(contains_eager(Attendee.booking))
        .where(Attendee.id == guest_id, Attendee.role == Role.GUEST, Booking.reference == reference)
    )
    return booking, db.session.scalar(query)


def take_off(guest: Attendee, *, now: datetime) -> None:
    """Delete a guest and what is owed to them; the booking goes on without, also in the host's
    calendar. For the service, which has locked the host.
    """
    booking = guest.booking
    forget_words(booking)
    record(booking, EventKind.GUEST_LEFT, Actor.GUEST, now)
    booking.change(now)
    db.session.delete(guest)  # the database deletes the messages to that person with it
    wal.owe_truncation(now=now)
    people.keep_missed(booking)
    db.session.expire(booking)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"],
        salt="bookme-guest",
        signer_kwargs={"digest_method": hashlib.sha256},
    )
