"""Storing a connection, in the place of what it replaces.

A connection is one grant. Connecting again makes a new row, also for the same account, so that
whatever is still under way for the old one (a refresh, a job, a late word of its removal) finds
that inactive and touches nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

import sqlalchemy as sa

from bookme import wal
from bookme.connections import providers, waiting
from bookme.connections.calendars import changes, listed, rows
from bookme.connections.connecting.access import Access
from bookme.connections.grants import alarms, disconnecting, identity, revocation, seals, tokens
from bookme.connections.grants.revocation import Pair
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, User
from bookme.providers.http.grant import Grant
from bookme.sealed import user_digests


class OtherAccount(BookMeError):
    """Another account is connected, and the host has not agreed that it is replaced."""


class Asked(Protocol):
    """What a host has asked for: an attempt that was taken, or a form that was sent."""

    @property
    def host_id(self) -> int: ...
    @property
    def provider(self) -> str: ...
    @property
    def may_replace(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Connected:
    """A new connection.

    :ivar due: bookings that waited for it, those that begin first.
    :ivar to_read: calendars whose busy times are to be read at once.
    :ivar can_meet: whether meetings can be made over it.
    :ivar account: its label, and of the other account that it replaces, for their host's eyes.
    """

    connection_id: int
    due: list[int]
    to_read: list[int] = field(default_factory=list)
    can_meet: bool = True
    account: str = field(default="", repr=False)
    instead_of: str = field(default="", repr=False)


def link(asked: Asked, access: Access, *, now: datetime) -> Connected:
    """Store a host's connection, and make due what waited for it. Commits.

    What it replaces is cleared, and revoked if it was another account's; to the same account, the
    choice of calendars stays. The same account at other hosts is marked as dead where the provider
    ends a user's earlier grants, and those hosts are told.

    :raises OtherAccount: if the host is connected to another account, or is gone; nothing is
        stored, and a grant is the caller's to revoke.
    """
    provider, account = asked.provider, access.account
    digests = user_digests(provider, account.user_id)
    host, old = _locked(asked, digests)
    if providers.facts(provider).ends_earlier:
        disconnecting.replace_elsewhere(provider, digests, host_id=asked.host_id, now=now)
    same = old is not None and not set(digests).isdisjoint(seals.same_user(old))
    if host is None or (old and not same and not asked.may_replace):
        db.session.commit()
        raise OtherAccount(provider)
    blocked_until = old.blocked_until if old and same else None
    calls_after = old.calls_after if old and same else None
    replaced = (tokens.label(old) or "") if old and not same else ""
    leftover = _cleared(old, is_same=same, now=now) if old else None
    connection = _new(asked, access, now=now)
    connection.blocked_until, connection.calls_after = blocked_until, calls_after
    db.session.add(connection)
    db.session.flush()
    if old is not None and same:
        changes.move(old.id, connection.id, now=now)
    connected = _connected(connection, access, replaced, now=now)
    db.session.commit()
    if leftover is not None:
        revocation.end(leftover, now=now)
    wal.truncate()
    return connected


def _connected(
    connection: Connection, access: Access, replaced: str, *, now: datetime
) -> Connected:
    alarms.silence(alarms.client_refused(connection.provider))
    to_read = listed.store(connection, access.calendars, now=now)
    due = waiting.make_due(connection.host_id, connection.provider, now=now)
    if rows.takes_bookings(connection.host_id):
        due += set(waiting.make_entries_due(connection.host_id, now=now)).difference(due)
    return Connected(
        connection.id,
        due,
        to_read or rows.checked(connection.id),
        identity.can_meet(connection),
        access.account.label,
        replaced,
    )


def _locked(asked: Asked, user_digests: list[str]) -> tuple[User | None, Connection | None]:
    """The host and his connection, kept as they are until the transaction ends; and with them the
    account's connections at other hosts, who may be connecting this host's account just now.

    The account is locked first: of two hosts who connect it at once, one is the later.
    """
    if db.engine.dialect.name == "postgresql":
        number = int(user_digests[0][:15], 16)
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
    host = db.session.get(
        User, asked.host_id, populate_existing=True, with_for_update={"key_share": True}
    )
    connection_id = db.session.scalar(
        sa.select(Connection.id).where(
            Connection.host_id == asked.host_id,
            Connection.provider == asked.provider,
            Connection.status != ConnectionStatus.INACTIVE,
        )
    )
    elsewhere = db.session.scalars(
        sa.select(Connection.id).where(
            Connection.provider == asked.provider,
            Connection.user_digest.in_(user_digests),
            Connection.host_id != asked.host_id,
        )
    ).all()
    disconnecting.lock_in_order([*elsewhere, *([connection_id] if connection_id else [])])
    return host, disconnecting.locked(connection_id) if connection_id else None


def _new(asked: Asked, access: Access, *, now: datetime) -> Connection:
    seal_id = uuid4().hex
    return Connection(
        host_id=asked.host_id,
        provider=asked.provider,
        status=ConnectionStatus.ACTIVE,
        seal_id=seal_id,
        generation=1,
        connected_at=now,
        refreshed_at=now,
        checked_at=now,
        **_key_columns(seal_id, asked.provider, access.key, now),
        **seals.account(seal_id, asked.provider, access.account),
    )


def _key_columns(seal_id: str, provider: str, key: Grant | str, now: datetime) -> dict[str, Any]:
    if isinstance(key, str):
        return seals.password(seal_id, key)
    scopes = " ".join(sorted(key.scopes or providers.facts(provider).scopes))
    return {"scopes": scopes, **seals.pair(seal_id, key, now=now)}


def _cleared(old: Connection, *, is_same: bool, now: datetime) -> Pair | None:
    """Clear the connection that is replaced; return its pair if it is to be revoked."""
    leftover = None
    if old.is_active and not is_same and revocation.is_possible(old.provider):
        shared = revocation.is_shared(old, since=old.connected_at, but=old.id)
        leftover = None if shared else tokens.pair_of(old)
    disconnecting.clear(old, None, now=now, keep_calendars=is_same)
    return leftover
