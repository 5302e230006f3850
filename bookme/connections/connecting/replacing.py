"""The host's answer to whether another account takes the place of the connected one.

The host waits meanwhile, and no transaction may span a call, so this commits by itself.
"""

import logging
from datetime import datetime

from bookme.connections.connecting import access, held, linking
from bookme.connections.connecting.held import Held
from bookme.connections.connecting.linking import Connected, OtherAccount
from bookme.connections.connecting.refusal import NotConnected, Refusal, why_failed
from bookme.connections.grants.budget import Budget
from bookme.errors import ConnectionRevoked, ProviderError, TokenRefused
from bookme.models import Session

log = logging.getLogger(__name__)


def replace(session: Session, provider: str, *, now: datetime) -> Connected:
    """Put the account that is held in the place of the connected one, with what its provider says
    of it now.

    :raises NotConnected: with the reason; what was granted is revoked then.
    """
    agreed = held.take(session, provider, now=now)
    if agreed is None:
        raise NotConnected(Refusal.STALE)
    grant = agreed.grant(now)
    try:
        opened = access.read(provider, grant.access_token, grant, Budget(access.PATIENCE))
        return linking.link(agreed, opened, now=now)
    except ProviderError as error:
        log.warning("held account not read: %s", error)
        held.revoke(agreed, now=now)
        revoked = isinstance(error, (ConnectionRevoked, TokenRefused))
        why = Refusal.CODE_REFUSED if revoked else why_failed(error, provider)
        raise NotConnected(why) from error
    except OtherAccount as error:  # the host is gone
        held.revoke(agreed, now=now)
        raise NotConnected(Refusal.STALE) from error


def keep(session: Session, provider: str, *, now: datetime) -> Held | None:
    """Leave the connected account where it is, and revoke what was granted for the other; return
    what that was, None if there was nothing any more.
    """
    declined = held.take(session, provider, now=now)
    if declined is not None:
        held.revoke(declined, now=now)
    return declined
