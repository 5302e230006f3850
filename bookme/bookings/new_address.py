"""The link by which a booker's new e-mail address is confirmed: signed with the address itself, so
that it is nowhere in the link, and a link to another one that was wanted before serves no more.
"""

import hashlib

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from bookme.accounts.links import address
from bookme.extensions import db
from bookme.models import Booking, BookingStatus


def link(booking: Booking, email: str) -> str:
    """The whole address for the mail."""
    return address("public.ask_new_address", token=str(_signer(email).dumps(booking.reference)))


def read(token: str) -> tuple[Booking, str] | None:
    """The booking, and which address such a link confirms: the one that is wanted, or is the
    booker's already; None if it is none of ours or serves no more.
    """
    _, reference = _signer("").loads_unsafe(token)
    found = sa.select(Booking).where(
        Booking.reference == str(reference), Booking.status != BookingStatus.HELD
    )
    booking = db.session.scalar(found)
    booker = booking.booker if booking is not None else None
    if booking is None or booker is None:
        return None
    for email in filter(None, (booker.new_email, booker.email)):
        try:
            _signer(email).loads(token)
        except BadSignature:
            continue
        return booking, email
    return None


def _signer(email: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"],
        salt=f"bookme new address: {email}",
        signer_kwargs={"digest_method": hashlib.sha256},
    )
