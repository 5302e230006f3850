"""What the messages say that bookers ask for about their own data, put together when they are sent.

None of them carries a word that somebody typed, since whoever asks may not be the address's owner.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from bookme import outbox
from bookme.accounts.links import address
from bookme.accounts.owed import reader
from bookme.bookings import new_address, summary
from bookme.bookings.messages import times
from bookme.extensions import db
from bookme.models import Attendee, Booking, BookingStatus, Email, Role, User
from bookme.outbox import Builder
from bookme.typed import own

#: The kinds, and the folders of their templates.
NEW_ADDRESS, LINKS = "new_address", "own_bookings"
OLD_ADDRESS, GUEST_REMOVED = "old_address", "guest_removed"
#: Bookings in one message, the latest first.
MOST = 50


def owe_new_address(booker: Attendee, *, now: datetime) -> Email:
    """Owe a message to the address that a booker wants to have."""
    key = f"address.{uuid4().hex}"
    return outbox.owe(NEW_ADDRESS, booker, key=key, now=now, address=booker.new_email)


def owe_links(email: str, locale: str, *, now: datetime) -> Email:
    """Owe a message with the links to all bookings under an address, whether there are any or not:
    that comes out when it is sent, where nobody can take the time of it.
    """
    facts = {"locale": locale}
    return outbox.owe(
        LINKS, None, key=f"bookings.{uuid4().hex}", now=now, address=email, facts=facts
    )


def owe_old_address(booking: Booking, old: str, locale: str, *, now: datetime) -> Email:
    """Owe word of the change to the address that a booker had before. It belongs to nobody's row,
    so that it also goes out if whoever changed the address then has the data erased.
    """
    facts = {"booking": booking.reference, "locale": locale}
    key = f"old-address.{uuid4().hex}"
    return outbox.owe(OLD_ADDRESS, None, key=key, now=now, address=old, facts=facts)


def owe_removed(guest: Attendee, *, now: datetime) -> Email:
    """Owe word to a guest whom the booker is taking off a booking."""
    reads = {"locale": guest.locale, "zone": guest.zone, "hours": guest.clock_hours}
    facts = {"booking": guest.booking.reference, **reads}
    key = f"guest-removed.{uuid4().hex}"
    return outbox.owe(GUEST_REMOVED, None, key=key, now=now, address=guest.email, facts=facts)


def _new_address(email: Email, _user: User | None, _now: datetime) -> dict[str, Any] | None:
    booker, to = email.attendee, reader(email)
    if booker is None or not to or booker.new_email != to:
        return None
    booking = booker.booking
    return {
        "to": to,
        "title": own(booking.title),
        "host": summary.host_name(booking),
        "link": new_address.link(booking, to),
    }


def _old_address(email: Email, _user: User | None, _now: datetime) -> dict[str, Any] | None:
    """Without the new address, which is not this reader's to know, and without any link: whoever
    read the booking's messages has those.
    """
    booking, to = _booking(email), reader(email)
    if booking is None or not to:
        return None
    return {"to": to, "title": own(booking.title), "host": summary.host_name(booking)}


def _guest_removed(email: Email, _user: User | None, _now: datetime) -> dict[str, Any] | None:
    booking, to = _booking(email), reader(email)
    if booking is None or not to:
        return None
    facts = email.facts
    reads = Attendee(
        zone=str(facts["zone"]), locale=str(facts["locale"]), clock_hours=int(str(facts["hours"]))
    )
    return {
        "to": to,
        "title": own(booking.title),
        "host": summary.host_name(booking),
        "when": times.in_words(booking.starts_at, booking.ends_at, reads),
    }


def _booking(email: Email) -> Booking | None:
    wanted = sa.select(Booking).where(Booking.reference == str(email.facts["booking"]))
    return db.session.scalar(wanted)


def _links(email: Email, _user: User | None, _now: datetime) -> dict[str, Any] | None:
    to = reader(email)
    found = _bookings(to) if to else []
    if not found:
        return None
    return {
        "to": to,
        "bookings": [_shown(booker) for booker in found[:MOST]],
        "has_more": len(found) > MOST,
        "find": address("public.find"),
    }


def _bookings(email: str) -> list[Attendee]:
    query = (
        sa.select(Attendee)
        .join(Attendee.booking)
        .join(Booking.host)
        .where(Attendee.email == email, Attendee.role == Role.BOOKER)
        .where(Booking.status != BookingStatus.HELD, User.closing_at.is_(None))
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(MOST + 1)
        .options(joinedload(Attendee.booking).joinedload(Booking.host))
    )
    return list(db.session.scalars(query))


def _shown(booker: Attendee) -> dict[str, Any]:
    booking = booker.booking
    return {
        "title": own(booking.title),
        "host": summary.host_name(booking),
        "when": times.in_words(booking.starts_at, booking.ends_at, booker),
        "link": summary.page(booking, to_host=False),
        "data": address("public.own_data", token=booking.token),
    }


BUILDERS: Mapping[str, Builder] = {
    NEW_ADDRESS: _new_address,
    OLD_ADDRESS: _old_address,
    GUEST_REMOVED: _guest_removed,
    LINKS: _links,
}
