"""Messages that belong to no booking: of accounts and connections."""

import logging
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import current_app

from bookme import moments, waits
from bookme.accounts import letters as account_letters
from bookme.accounts.owed import Letter
from bookme.clock import utcnow
from bookme.connections import letters as connection_letters
from bookme.connections.calendars import letters
from bookme.connections.grants import alarms
from bookme.crypto import Unreadable
from bookme.errors import ProviderError, ProviderUnavailable
from bookme.extensions import db
from bookme.jobs import claim
from bookme.jobs.messages import posting
from bookme.mail import message as mail
from bookme.mail.message import Message, Person
from bookme.models import Email, EmailState
from bookme.web.words import spoken_to

log = logging.getLogger(__name__)


def send_email(email_id: int) -> None:
    """Send one message, unless it is sent, nobody needs it any more, or somebody is at it.

    The words are found now: who reads it and what is true may have changed since it was owed.
    """
    holder = uuid4().hex
    if not current_app.config["MAIL_CONFIGURED"] or not _take(email_id, holder, now=utcnow()):
        return
    email = _held(email_id, holder)
    if email is None:
        return
    try:
        with spoken_to(email.user.locale if email.user is not None else ""):
            context = _context(email, now=utcnow())
            message = _message(email, context) if context is not None else None
    except Unreadable:
        _unreadable(email, now=utcnow())
        return
    if message is None:
        posting.drop(email)
        _give_back(email)
        return
    maybe_before = posting.hand_over(email)
    db.session.commit()
    failure = None
    try:
        mail.send(message)
    except ProviderError as error:
        log.warning("message %d: %s", email_id, error)
        failure = error
    _write(email_id, holder, failure, maybe_before)


def due(now: datetime, limit: int) -> list[int]:
    """Messages to send, marked as queued, the longest waiting first. Commits."""
    waiting = (
        sa.select(Email.id)
        .where(Email.state == EmailState.WAITING, moments.has_come(Email.next_attempt_at, now))
        .where(Email.booking_id.is_(None), moments.is_free(Email, now))
        .order_by(Email.next_attempt_at)
    )
    return claim.mark(Email, waiting, now=now, limit=limit)


def _take(email_id: int, holder: str, *, now: datetime) -> bool:
    taken = db.session.scalar(
        sa.update(Email)
        .where(Email.id == email_id, Email.booking_id.is_(None), moments.is_free(Email, now))
        .where(Email.state == EmailState.WAITING, moments.has_come(Email.next_attempt_at, now))
        .values(lease_until=now + waits.EMAIL_LEASE, lease_holder=holder)
        .returning(Email.id)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return taken is not None


def _held(email_id: int, holder: str) -> Email | None:
    """The row, locked, if the lease is still this holder's."""
    query = sa.select(Email).where(Email.id == email_id, Email.lease_holder == holder)
    return db.session.scalar(query.with_for_update(of=Email))


def _context(email: Email, *, now: datetime) -> dict[str, Any] | None:
    if email.user is None:
        return None
    if email.kind in letters.KINDS:
        return letters.context(email, now=now)
    of = account_letters if email.kind in set(Letter) else connection_letters
    return of.context(email, now=now)


def _unreadable(email: Email, *, now: datetime) -> None:
    """A key is missing from TOKEN_KEYS: the operator can put it back."""
    alarms.ring(alarms.KEYS_MISSING, now=now)
    error = ProviderUnavailable("mail", "reader sealed by a missing key")
    posting.refused(email, error, maybe_before=email.maybe_sent, now=now)
    _give_back(email)


def _message(email: Email, context: dict[str, Any]) -> Message:
    assert email.user is not None
    # Without the name, which somebody typed: whoever asked for this may not be its reader.
    reader = Person("", context.get("to") or email.user.email)
    return Message(email.dedupe_key, reader, mail.render(email.kind, context))


def _write(email_id: int, holder: str, failure: ProviderError | None, maybe_before: bool) -> None:
    email = _held(email_id, holder)
    if email is None:
        db.session.rollback()
        return
    now = utcnow()
    if failure is None:
        posting.accepted(email, now=now)
    else:
        posting.refused(email, failure, maybe_before=maybe_before, now=now)
    _give_back(email)


def _give_back(email: Email) -> None:
    email.lease_until = email.lease_holder = email.queued_at = None
    db.session.commit()
