"""The messages of one booking that go out at times: the step of its sync after the news.

What the host sets may have changed since they were planned, so they are planned again first.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from bookme import moments, waits
from bookme.bookings.messages import reminder_letters, reminders
from bookme.bookings.messages.timed import (
    TimedKind,
    Times,
    deadline,
    is_for,
    is_timed,
    kind_of,
    side,
)
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.jobs.events import note
from bookme.jobs.lease import Lease, looked_at
from bookme.jobs.messages import posting
from bookme.jobs.messages.booking import (
    Posted,
    email_of,
    note_message,
    other_side,
    person_of,
    send_each,
)
from bookme.mail import message as mail
from bookme.mail.message import Message
from bookme.models import Attendee, Booking, Email, EmailState, EventKind, MessageRule, User
from bookme.web.words import spoken_to


@dataclass(frozen=True, slots=True)
class _Owed:
    """A message that is owed, with what it was owed for.

    :ivar rule: None if the host has asked for it by hand.
    """

    email: Email
    reader: Attendee | User
    kind: TimedKind
    times: Times
    rule: MessageRule | None
    is_ruled: bool

    @property
    def until(self) -> datetime:
        return deadline(self.kind, self.times)


def step(lease: Lease) -> datetime | None:
    """Send what has come due; return when there is more to send, if ever."""
    return send_each(lease, _released(lease), _prepared)


def _released(lease: Lease) -> list[int]:
    """The messages to send: those that have just come due, and those that could not be sent."""
    now = utcnow()
    with looked_at(lease) as booking:
        has_rules = reminders.plan(booking, now=now)
        for row in reminders.release(booking, now=now) if has_rules else ():
            kind = kind_of(row.rule)
            note(booking, EventKind.EMAIL_FAILED, now, message=kind, to=side(row))
        return [one.id for one in booking.emails if is_timed(one) and _waits(one)]


def _prepared(lease: Lease, email_id: int, now: datetime) -> tuple[Posted | None, datetime | None]:
    with looked_at(lease) as booking:
        email = email_of(booking, email_id)
        owed = _owed(email) if email is not None and _waits(email) else None
        if email is None or owed is None:
            return None, None
        if _is_void(booking, owed):
            posting.drop(email)
            return None, None
        if now >= owed.until:
            posting.give_up(email)
            note_message(booking, email, EventKind.EMAIL_FAILED, now)
            return None, None
        wait = _not_before(email, now)
        if wait > now:
            return None, min(wait, owed.until)
        with spoken_to(owed.reader.locale, is_host=isinstance(owed.reader, User)):
            return _composed(booking, owed, now), None


def _owed(email: Email) -> _Owed | None:
    reader, facts = email.attendee or email.user, email.facts
    if reader is None:
        return None
    send_at, starts_at = (
        datetime.fromisoformat(str(facts[name])) for name in ("send_at", "starts_at")
    )
    rule = db.session.get(MessageRule, facts["rule"]) if facts["rule"] is not None else None
    times = Times(send_at, starts_at)
    return _Owed(email, reader, TimedKind(email.kind), times, rule, facts["rule"] is not None)


def _is_void(booking: Booking, owed: _Owed) -> bool:
    """Whether it is about another time or an end, or somebody no longer wants it."""
    person = owed.reader if isinstance(owed.reader, Attendee) else None
    is_off = person is not None and person.reminders_off_at is not None
    is_missed = person is not None and not is_for(person, owed.kind)
    is_gone = owed.is_ruled and owed.rule is None
    is_left = not booking.is_confirmed or booking.starts_at != owed.times.starts_at
    return is_off or is_missed or is_gone or is_left


def _not_before(email: Email, now: datetime) -> datetime:
    if not current_app.config["MAIL_CONFIGURED"]:
        return now + waits.LAST_RETRY
    return moments.meant(Email.next_attempt_at, email.next_attempt_at, now) or now


def _composed(booking: Booking, owed: _Owed, now: datetime) -> Posted:
    maybe_before = posting.hand_over(owed.email)
    context = reminder_letters.context(
        owed.kind, booking, owed.reader, owed.times, owed.rule, now=now
    )
    message = Message(
        key=owed.email.dedupe_key,
        to=person_of(owed.reader),
        reply_to=other_side(booking, owed.reader),
        words=mail.render(owed.kind, context),
        unsubscribe=context["stop"],
    )
    return Posted(owed.email.id, message, maybe_before)


def _waits(email: Email) -> bool:
    return email.state is EmailState.WAITING
