"""From a name and its password to a connection.

The host waits meanwhile, and no transaction may span a call, so :func:`connect` commits by itself.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from bookme.connections import providers
from bookme.connections.connecting import access, linking
from bookme.connections.connecting.linking import Connected, OtherAccount
from bookme.connections.connecting.refusal import NotConnected, Refusal, why_failed
from bookme.connections.grants.budget import Budget
from bookme.errors import ConnectionRevoked, ProviderError, TokenRefused

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Password:
    """A name and a password made for BookMe, as a host has typed them."""

    host_id: int
    provider: str
    username: str = field(repr=False)
    password: str = field(repr=False)
    may_replace: bool


def connect(asked: Password, *, now: datetime) -> Connected:
    """Try a name and its password at the provider, and store the connection.

    :raises NotConnected: with the reason; nothing is stored then.
    """
    key = providers.credentials(asked.username, asked.password)
    try:
        opened = access.read(asked.provider, key, key, Budget(access.PATIENCE))
    except ProviderError as error:
        log.warning("password not accepted: %s", error)
        refused = isinstance(error, (ConnectionRevoked, TokenRefused))
        why = Refusal.PASSWORD_REFUSED if refused else why_failed(error, asked.provider)
        raise NotConnected(why) from error
    try:
        return linking.link(asked, opened, now=now)
    except OtherAccount as error:
        raise NotConnected(Refusal.OTHER_ACCOUNT, account=opened.account.label) from error
