"""The messages of one booking: the last step of its sync.

Every reader gets at most one message a round, the newest that is owed; what it says is decided now,
from what the reader was told and what is true. So what was owed earlier needs no sending.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from bookme import moments, waits
from bookme.bookings.entries import is_in_calendar
from bookme.bookings.messages import letters
from bookme.bookings.messages.ics import calendar_file, raise_sequence
from bookme.bookings.messages.message_state import Told, Video, last_told, tell, truth
from bookme.bookings.messages.outbox import MessageKind, readers
from bookme.bookings.messages.timed import side
from bookme.clock import utcnow
from bookme.errors import ProviderError
from bookme.extensions import db
from bookme.jobs.events import note
from bookme.jobs.lease import Lease, answered, looked_at
from bookme.jobs.messages import pending, posting
from bookme.jobs.messages.account import send_email
from bookme.mail import message as mail
from bookme.mail.defuse import named
from bookme.mail.message import Invitation, Message, Person
from bookme.models import Attendee, Booking, BookingStatus, Email, EmailState, EventKind, User
from bookme.queue import JOB_TIMEOUT
from bookme.web.words import spoken_to

__all__ = ["send_email", "step"]

log = logging.getLogger(__name__)

#: Seconds after which a round hands over no further message, so that the last one can end in time.
ROUND = JOB_TIMEOUT / 2


@dataclass(frozen=True, slots=True)
class Posted:
    """One message about to be handed over, as plain values."""

    email_id: int
    message: Message
    maybe_before: bool


#: The message, its handing over written; or when to come again, if ever.
Prepare = Callable[[Lease, int, datetime], tuple[Posted | None, datetime | None]]


def step(lease: Lease) -> datetime | None:
    """Send what the booking owes its people; return when there is more to send, if ever."""
    return send_each(lease, _owed(lease), _prepared)


def send_each(lease: Lease, email_ids: list[int], prepared: Prepare) -> datetime | None:
    """Send some messages, one after the other; return when there is more to send, if ever."""
    again = []
    for email_id in email_ids:
        now = utcnow()
        if (now - lease.taken_at).total_seconds() > ROUND:
            return now
        posted, until = prepared(lease, email_id, now)
        if posted is not None:
            db.session.commit()
            until = post(lease, posted)
        again += [until] if until is not None else []
    return min(again, default=None)


def _owed(lease: Lease) -> list[int]:
    """The newest owed message of each reader; what was owed before it is dropped."""
    now = utcnow()
    with looked_at(lease) as booking:
        if booking.revision != lease.revision:
            return []
        newest = []
        for reader in readers(booking):
            waiting = pending.waiting(booking, reader, now=now)
            for email in waiting[:-1]:
                posting.drop(email)
            newest += waiting[-1:]
        db.session.flush()
        return [email.id for email in newest]


def email_of(booking: Booking, email_id: int) -> Email | None:
    """One of the booking's messages; None once its reader was erased."""
    return next((one for one in booking.emails if one.id == email_id), None)


def _prepared(lease: Lease, email_id: int, now: datetime) -> tuple[Posted | None, datetime | None]:
    """The message, its handing over written; or when to come again, if ever."""
    with looked_at(lease) as booking:
        email = email_of(booking, email_id)
        reader = (email.attendee or email.user) if email is not None else None
        if email is None or reader is None or booking.revision != lease.revision:
            return None, None
        told = last_told([one for one in pending.messages_to(booking, reader) if one is not email])
        kind = pending.left_for(booking, reader, told)
        if kind is None:
            posting.drop(email)
            return None, None
        if booking.is_over(now):
            posting.give_up(email)
            note_message(booking, email, EventKind.EMAIL_FAILED, now)
            return None, None
        wait = _not_before(booking, email, kind, now)
        if wait > now:
            return None, min(wait, now + waits.LAST_RETRY)
        whose = spoken_to(reader.locale, is_host=isinstance(reader, User))
        with whose, db.session.no_autoflush:  # its row is written once, when all is said
            return _composed(booking, email, reader, kind, told, now), None


def _not_before(booking: Booking, email: Email, kind: MessageKind, now: datetime) -> datetime:
    if not current_app.config["MAIL_CONFIGURED"]:
        return now + waits.LAST_RETRY
    soonest = max(
        moments.meant(Email.next_attempt_at, email.next_attempt_at, now) or now,
        moments.meant(Email.not_before, email.not_before, now) or now,
    )
    if kind is MessageKind.BOOKED and truth(booking).video is Video.COMING:
        since = moments.within(booking.confirmed_at, now, waits.CLOCKS_DIFFER)
        soonest = max(soonest, since + waits.LINK_PATIENCE)
    return soonest


def _composed(
    booking: Booking,
    email: Email,
    reader: Attendee | User,
    kind: MessageKind,
    told: Told | None,
    now: datetime,
) -> Posted:
    if not booking.awaits_answer:
        raise_sequence(booking)
    email.kind, email.revision = kind, booking.revision
    tell(email, truth(booking), now=now)
    maybe_before = posting.hand_over(email)
    message = Message(
        key=email.dedupe_key,
        to=person_of(reader),
        reply_to=other_side(booking, reader),
        words=mail.render(kind, letters.context(kind, booking, reader, told, now=now)),
        invitation=_invitation(booking, email, reader, told, now, is_copy=maybe_before),
    )
    return Posted(email.id, message, maybe_before)


def _invitation(
    booking: Booking,
    email: Email,
    reader: Attendee | User,
    told: Told | None,
    now: datetime,
    *,
    is_copy: bool,
) -> Invitation | None:
    """The booking for the reader's calendar, if they get it.

    :param is_copy: the message may be out already: what it had then, it has again.
    """
    if not is_copy or "attached" not in email.facts:
        is_needed = _needs_file(booking, email, reader, told)
        email.facts = {**email.facts, "attached": is_needed}
    if not email.facts.get("attached"):
        return None
    method = "CANCEL" if truth(booking).ended else "REQUEST"
    return Invitation(method, calendar_file(booking, reader=reader, method=method, now=now))


def _needs_file(booking: Booking, email: Email, reader: Attendee | User, told: Told | None) -> bool:
    """What was never confirmed belongs into no calendar. A host who finds the booking in a
    connected one needs none, save after one that went out already: what that put into a calendar is
    kept up to date.
    """
    others = (one for one in pending.messages_to(booking, reader) if one is not email)
    if any(one.facts.get("attached") for one in others):
        return True
    was_confirmed = told is not None and told.status is BookingStatus.CONFIRMED
    if not (booking.is_confirmed or was_confirmed):
        return False
    return not (isinstance(reader, User) and is_in_calendar(booking))


def person_of(person: Attendee | User) -> Person:
    """A reader, as a mail's headers name them."""
    name = person.name if isinstance(person, User) else named(person.name)
    return Person(name, person.email)


def other_side(booking: Booking, reader: Attendee | User) -> Person | None:
    """Who gets a reader's answers."""
    other = booking.booker if isinstance(reader, User) else booking.host
    return person_of(other) if other is not None else None


def post(lease: Lease, posted: Posted) -> datetime | None:
    """Hand the message over and write down the answer; return when to try again, if ever."""
    failure: ProviderError | None = None
    try:
        mail.send(posted.message)
    except ProviderError as error:
        log.warning("a message of booking %d: %s", lease.claim.row_id, error)
        failure = error
    now = utcnow()
    with answered(lease) as booking:
        email = email_of(booking, posted.email_id)
        if email is None:
            return None  # the reader was erased meanwhile
        if failure is None:
            posting.accepted(email, now=now)
            note_message(booking, email, EventKind.EMAIL_SENT, now)
            return None
        posting.refused(email, failure, maybe_before=posted.maybe_before, now=now)
        if email.state is EmailState.FAILED:
            note_message(booking, email, EventKind.EMAIL_FAILED, now)
        return email.next_attempt_at


def note_message(booking: Booking, email: Email, kind: EventKind, now: datetime) -> None:
    """Add what became of a message to the booking's history."""
    note(booking, kind, now, message=email.kind, to=side(email))
