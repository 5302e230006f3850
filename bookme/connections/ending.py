"""How a host's connection ends: by their own wish, with what the provider says to it."""

from datetime import datetime
from enum import StrEnum

from bookme import wal
from bookme.connections.connecting import attempts, held
from bookme.connections.grants import disconnecting, revocation, tokens
from bookme.connections.grants.budget import Budget
from bookme.connections.grants.revocation import Pair
from bookme.errors import ConnectionRevoked, ProviderError
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus


class Revocation(StrEnum):
    """What became of the grant at the provider when a connection was disconnected."""

    REVOKED = "revoked"
    NOT_REVOKED = "not_revoked"  # the provider did not answer, or said no
    NOT_POSSIBLE = "not_possible"  # the provider lets only the host himself end it
    NOT_NEEDED = "not_needed"  # it was dead already, or a newer connection works with it


def disconnect(connection: Connection, *, now: datetime) -> Revocation:
    """Revoke a connection's grant, then delete all that identifies or opens the account, whatever
    the provider said. Takes three seconds for the provider at most. Meetings and bookings stay.

    Commits.
    """
    shared = revocation.is_shared(connection, since=connection.connected_at, but=connection.id)
    host_id, provider, pair = connection.host_id, connection.provider, tokens.pair_of(connection)
    connection_id, outcome = connection.id, Revocation.NOT_NEEDED
    if connection.is_active and not revocation.is_possible(provider):
        outcome = Revocation.NOT_POSSIBLE
    elif connection.is_active and pair is not None and not shared:
        outcome = _revoke(connection_id, pair, now=now)
    ended = disconnecting.locked(connection_id)
    if ended is not None and ended.status is not ConnectionStatus.INACTIVE:
        disconnecting.clear(ended, None, now=now)
    attempts.drop(host_id, provider)
    db.session.commit()
    held.let_go(host_id, provider, now=now)
    wal.truncate()
    return outcome


def _revoke(connection_id: int, pair: Pair, *, now: datetime) -> Revocation:
    """Revoke with a good token if there is one to be had: a provider may not know an old one."""
    budget = Budget(revocation.PATIENCE)
    try:
        token = tokens.access_token(connection_id, now=now, budget=budget)
    except ConnectionRevoked:
        return Revocation.NOT_NEEDED
    except ProviderError:
        token = pair.access_token
    revoked = revocation.revoke(pair.provider, token, budget=budget)
    return Revocation.REVOKED if revoked else Revocation.NOT_REVOKED
