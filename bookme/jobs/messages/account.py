"""Messages that no booking's sync sends: of accounts and connections, and what bookers ask for."""

import logging
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from bookme import moments, waits
from bookme.clock import utcnow
from bookme.connections.grants import alarms
from bookme.crypto import Unreadable
from bookme.errors import ProviderError, ProviderUnavailable
from bookme.extensions import db
from bookme.jobs import claim
from bookme.jobs.claim import Claim, LeaseLost
from bookme.jobs.messages import contexts, posting
from bookme.mail import message as mail
from bookme.mail.message import Message, Person
from bookme.models import Email, EmailState
from bookme.web.words import spoken_to

log = logging.getLogger(__name__)

#: Those to send here: a booking's are sent by its sync.
_OURS = (Email.state == EmailState.WAITING, Email.booking_id.is_(None))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A message, and whether it may have gone out before."""

    message: Message
    maybe_before: bool


def send_email(email_id: int) -> None:
    """Send one message, unless it is sent, nobody needs it any more, or somebody is at it.

    The words are found now: who reads it and what is true may have changed since it was owed.
    """
    ours = _taken(email_id, now=utcnow()) if current_app.config["MAIL_CONFIGURED"] else None
    if ours is None:
        return
    with suppress(LeaseLost):
        prepared = _prepared(ours)
        if prepared is not None:
            _write(ours, _failure(ours, prepared.message), prepared.maybe_before)


def due(now: datetime, limit: int) -> list[int]:
    """Messages to send, marked as queued, the longest waiting first. Commits."""
    waiting = (
        sa.select(Email.id)
        .where(*_OURS, claim.is_due(Email, Email.next_attempt_at, now))
        .order_by(Email.next_attempt_at)
    )
    return claim.due(Email, waiting, now=now, limit=limit)


def _taken(email_id: int, *, now: datetime) -> Claim[Email] | None:
    has_come = moments.has_come(Email.next_attempt_at, now)
    ours = claim.take(Email, email_id, *_OURS, has_come, now=now, lasts=waits.EMAIL_LEASE)
    db.session.commit()
    return ours


def _prepared(ours: Claim[Email]) -> _Prepared | None:
    """The message, its handing over committed; None if there is none to send now."""
    with claim.held(ours) as email:
        try:
            with _in_words_of(email):
                context = contexts.context(email, now=utcnow())
                message = _message(email, context) if context is not None else None
        except Unreadable:
            _unreadable(email, now=utcnow())
            return None
        if message is None:
            posting.drop(email)
            email.end_lease()
            return None
        return _Prepared(message, posting.hand_over(email))


def _in_words_of(email: Email) -> AbstractContextManager[None]:
    """The language of whoever reads it."""
    if email.user is not None:
        return spoken_to(email.user.locale, is_host=True)
    if email.attendee is not None:
        return spoken_to(email.attendee.locale)
    return spoken_to(str(email.facts.get("locale", "")))


def _failure(ours: Claim[Email], message: Message) -> ProviderError | None:
    try:
        mail.send(message)
    except ProviderError as error:
        log.warning("message %d: %s", ours.row_id, error)
        return error
    return None


def _unreadable(email: Email, *, now: datetime) -> None:
    """A key is missing from TOKEN_KEYS: the operator can put it back."""
    alarms.ring(alarms.KEYS_MISSING, now=now)
    error = ProviderUnavailable("mail", "reader sealed by a missing key")
    posting.refused(email, error, maybe_before=email.maybe_sent, now=now)
    email.end_lease()


def _message(email: Email, context: dict[str, Any]) -> Message:
    # Without the name, which somebody typed: whoever asked for this may not be its reader.
    own = email.user.email if email.user is not None else ""
    reader, answer = Person("", context.get("to") or own), context.get("answer_to")
    words = mail.render(email.kind, context)
    return Message(email.dedupe_key, reader, words, Person("", answer) if answer else None)


def _write(ours: Claim[Email], failure: ProviderError | None, maybe_before: bool) -> None:
    with claim.held(ours) as email:
        now = utcnow()
        if failure is None:
            posting.accepted(email, now=now)
        else:
            posting.refused(email, failure, maybe_before=maybe_before, now=now)
        email.end_lease()
