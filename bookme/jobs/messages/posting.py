"""What an e-mail's row says of its way out: before it is handed over, and after the answer."""

from datetime import datetime

from bookme import waits
from bookme.errors import ProviderError, ProviderUnavailable
from bookme.models import Email, EmailState


def hand_over(email: Email) -> bool:
    """Note an attempt, to be committed before it is made: after a crash the reader may have the
    message, and counts as told.

    :return: whether that was so before.
    """
    before = email.maybe_sent
    email.maybe_sent = True
    email.attempts += 1
    return before


def accepted(email: Email, *, now: datetime) -> None:
    """The server has taken the message."""
    email.state, email.sent_at = EmailState.SENT, now
    email.next_attempt_at = email.problem = email.to_sealed = None


def refused(email: Email, error: ProviderError, *, maybe_before: bool, now: datetime) -> None:
    """The server has not taken it, or nobody knows.

    Refused for good, or too often, it has failed; else it is due again later.
    """
    if not error.sent:
        email.maybe_sent = maybe_before
    email.problem = f"{error.provider} {error.detail}"[:80]
    patient = now < email.created_at + waits.EMAIL_PATIENCE
    if isinstance(error, ProviderUnavailable) and patient:
        email.next_attempt_at = waits.retry_after(email.attempts, now)
    else:
        give_up(email)


def give_up(email: Email) -> None:
    email.state, email.next_attempt_at = EmailState.FAILED, None
    email.to_sealed = None


def drop(email: Email) -> None:
    """Nobody needs it any more. One that may have gone out still counts as told."""
    email.state, email.next_attempt_at = EmailState.DROPPED, None
    email.to_sealed = None
