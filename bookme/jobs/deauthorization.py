"""What is owed after a host has removed BookMe at Zoom's side, in the order of the guide: revoke,
delete, tell the host, confirm to Zoom.
"""

import logging
from datetime import datetime

from flask import current_app

from bookme import resealing, waits
from bookme.clock import utcnow
from bookme.connections.grants import alarms, removal, tokens
from bookme.crypto import Unreadable
from bookme.errors import (
    ClientRefused,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
)
from bookme.extensions import db
from bookme.jobs import removals
from bookme.jobs.claim import LeaseLost
from bookme.jobs.removals import Taken
from bookme.providers.zoom.compliance import confirm_deletion
from bookme.webhooks.inbox import PROVIDER

log = logging.getLogger(__name__)

#: However long Zoom says to wait, the confirmation is tried again within this.
_LONGEST_PAUSE = waits.CONFIRM_AGAIN / 2


class _KeysMissing(ProviderUnavailable):
    """A key is not in ``TOKEN_KEYS``, so that nobody can say that all of the user is deleted."""


def settle_deauthorization(deauthorization_id: int) -> None:
    """Do what one removal owes, as far as it is not done. May run twice, or be killed anywhere."""
    taken = removals.take(deauthorization_id, now=utcnow())
    if taken is None:
        return
    try:
        _settle_or_later(taken)
    except LeaseLost:
        log.info("a removal went to another worker")


def _settle_or_later(taken: Taken) -> None:
    try:
        _settle(taken)
    except ProviderError as error:
        _later(taken, error)
    else:
        removals.finish(taken, now=utcnow())


def _settle(taken: Taken) -> None:
    try:
        payload = removals.payload(taken)
    except Unreadable as error:
        raise _KeysMissing(PROVIDER, "a removal cannot be opened") from error
    if not taken.is_settled:
        user_id = str(payload["user_id"])
        for connection_id in removal.doubtful(PROVIDER, user_id):
            _ask(connection_id)
        removal.end_all(PROVIDER, user_id, clock=utcnow)
        if resealing.is_blind(PROVIDER):
            raise _KeysMissing(PROVIDER, "a user cannot be looked for under every key")
        removals.settled(taken, now=utcnow())
    config = current_app.config
    try:
        confirm_deletion(
            config["ZOOM_COMPLIANCE_URL"],
            config["ZOOM_CLIENT_ID"],
            config["ZOOM_CLIENT_SECRET"],
            payload,
        )
    except NotFound as error:
        log.warning("Zoom takes no confirmations any more: %s", error)
    alarms.silence(alarms.CONFIRMATION_REFUSED)


def _ask(connection_id: int) -> None:
    """Ask Zoom whether a connection lives; only a dead grant is ended by a removal.

    :raises ProviderUnavailable: if Zoom does not say.
    """
    try:
        tokens.using(
            connection_id, lambda zoom: zoom.me(), about_user=True, on_dead=removal.set_aside_one
        )
    except ProviderUnavailable:
        raise
    except ProviderError as error:
        log.info("asked about a connection after a removal: %s", error)


def _later(taken: Taken, error: ProviderError) -> None:
    now = utcnow()
    log.warning("a removal is not settled: %s", error)
    if isinstance(error, ClientRefused):
        alarms.ring(alarms.client_refused(PROVIDER), now=now)
    if isinstance(error, _KeysMissing):  # never given up: what is kept would stay for good
        alarms.ring(alarms.KEYS_MISSING, now=now)
    elif isinstance(error, Rejected):
        alarms.ring(alarms.CONFIRMATION_REFUSED, now=now)
    is_over = now >= taken.received_at + waits.COMPLIANCE_PATIENCE
    if is_over and not isinstance(error, _KeysMissing):
        alarms.ring(alarms.CONFIRMATION_GIVEN_UP, now=now)
        removals.finish(taken, now=now)
        return
    db.session.commit()
    removals.try_later(taken, _next_attempt(taken, error, now))


def _next_attempt(taken: Taken, error: ProviderError, now: datetime) -> datetime:
    """Nothing waits beyond the end of the patience: then there is one last try."""
    if isinstance(error, Rejected):  # a mistake of ours, which does not pass by itself
        again = now + waits.CONFIRM_AGAIN
    else:
        again = waits.retry_after(taken.attempts + 1, now, error.retry_at, longest=_LONGEST_PAUSE)
    if isinstance(error, _KeysMissing):
        return again
    return min(again, taken.received_at + waits.COMPLIANCE_PATIENCE)
