"""Alarms: what only the operator can mend, told by `/readyz` until they are mended."""

import logging
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from bookme.extensions import db
from bookme.models import Alarm
from bookme.providers.registry import PROVIDERS

log = logging.getLogger(__name__)

#: A key is not in ``TOKEN_KEYS``, and what it sealed is asked for.
KEYS_MISSING = "token_keys"
CONFIRMATION_REFUSED = "zoom_confirmation_refused"
CONFIRMATION_GIVEN_UP = "zoom_confirmation_given_up"
#: What an alarm means, for the operator.
WORDS = {
    KEYS_MISSING: _l(
        "%(name)s lacks the key that something stored was encrypted with", name="TOKEN_KEYS"
    ),
    CONFIRMATION_REFUSED: _l(
        "Zoom refuses our confirmation that a user's data were deleted. That is a mistake in "
        "BookMe: report it. We repeat it once a day, for ten days"
    ),
    CONFIRMATION_GIVEN_UP: _l(
        "Zoom took no confirmation for ten days that a user's data were deleted. Tell Zoom"
    ),
}


def client_refused(provider: str) -> str:
    """The alarm for a provider that refuses BookMe's own credentials."""
    return f"{provider}_client_refused"


def words(kind: str) -> str:
    """What an alarm means."""
    provider = kind.removesuffix("_client_refused")
    if provider != kind:
        return _("%(provider)s refuses our client id and secret", provider=_label(provider))
    return str(WORDS.get(kind, kind))


def _label(provider: str) -> str:
    return PROVIDERS[provider].label if provider in PROVIDERS else provider


def ring(kind: str, *, now: datetime) -> None:
    """Raise an alarm, or count one more. Flushes and leaves the commit to the caller."""
    log.error("alarm: %s", kind)
    if _again(kind, now):
        return
    try:
        with db.session.begin_nested():
            db.session.add(Alarm(kind=kind, first_at=now, last_at=now))
    except IntegrityError:  # another process was first
        _again(kind, now)


def silence(kind: str) -> None:
    """End an alarm: what it was about works again. Leaves the commit to the caller."""
    db.session.execute(sa.delete(Alarm).where(Alarm.kind == kind))


def _again(kind: str, now: datetime) -> bool:
    once_more = sa.update(Alarm).where(Alarm.kind == kind)
    counted = db.session.execute(once_more.values(last_at=now, times=Alarm.times + 1))
    return bool(counted.rowcount)  # type: ignore[attr-defined]
