"""The link by which a reader ends the reminders of one booking: signed, so that nothing is kept of
it, and the reader's own, so that a guest's gives no way to the booking.
"""

import hashlib

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from bookme.accounts.links import address
from bookme.extensions import db
from bookme.models import Attendee


def link(reader: Attendee) -> str:
    """The whole address for a mail; it serves for as long as the reader's row is there."""
    token = _signer().dumps([reader.id, reader.booking.reference])
    return address("public.reminders", token=str(token))


def reader_of(token: str) -> Attendee | None:
    """Whose link this is; None for one that is made up, or of somebody erased."""
    try:
        reader_id, reference = _signer().loads(token)
    except BadSignature:
        return None
    reader = db.session.get(Attendee, reader_id)
    return reader if reader is not None and reader.booking.reference == reference else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"],
        salt="bookme.reminders",
        signer_kwargs={"digest_method": hashlib.sha256},
    )
