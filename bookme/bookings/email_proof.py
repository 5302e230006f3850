"""The addresses by which a booker's e-mail address is confirmed.

The one in the mail is signed, so that only its reader has it, and says so much that its page can
tell what has become of the time once the booking is gone. The one that the browser is led to after
the form shows how things are; it gives no right to anything.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from bookme.accounts.links import address
from bookme.bookings.messages.outbox import MessageKind
from bookme.extensions import db
from bookme.models import Booking, BookingStatus, Schedule


class Right(StrEnum):
    CONFIRM = "confirm"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Proof:
    """What such an address says.

    :ivar booking: None once it is gone: the address was not confirmed in time.
    """

    schedule: Schedule
    booking: Booking | None


def confirm_address(booking: Booking) -> str:
    """The whole address for the mail."""
    return address("public.confirm", token=token(booking, Right.CONFIRM))


def token(booking: Booking, right: Right) -> str:
    """The signed part of an address."""
    return str(_signer(right).dumps([booking.reference, booking.schedule_id]))


def read(token: str, right: Right) -> Proof | None:
    """What an address says; None if it is not one of ours."""
    try:
        reference, schedule_id = _signer(right).loads(token)
    except BadSignature:
        return None
    schedule = db.session.get(Schedule, schedule_id)
    if schedule is None:
        return None
    booking = db.session.scalar(sa.select(Booking).where(Booking.reference == reference))
    return Proof(schedule, booking)


def was_needed(booking: Booking) -> bool:
    """Whether the booking has waited, or waits, for its booker's e-mail address: whoever sent its
    form has then not shown that the address is theirs.
    """
    if booking.status is BookingStatus.HELD or booking.revision == 1:  # just made
        return booking.status is BookingStatus.HELD
    return any(email.kind == MessageKind.CONFIRM for email in booking.emails)


def _signer(right: Right) -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"],
        salt=f"bookme booking proof: {right}",
        signer_kwargs={"digest_method": hashlib.sha256},
    )
