"""The lease on a connection's token pair, and the row as it was read: plain values.

No row lock is held while a provider thinks (SQLite has none, and PostgreSQL's would starve the
pool): the lease is two columns, taken by one UPDATE.
"""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from bookme import database, moments, waits
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus


@dataclass(frozen=True, slots=True)
class Seen:
    """A connection as it was read; nothing of it is loaded later, in the middle of a call."""

    id: int
    provider: str
    seal_id: str
    status: ConnectionStatus
    generation: int
    connected_at: datetime
    expires_at: datetime | None
    lease_until: datetime | None
    lease_holder: str | None
    user_digest: str | None
    user_id_sealed: bytes | None = field(repr=False)
    access_token_sealed: bytes | None = field(repr=False)
    refresh_token_sealed: bytes | None = field(repr=False)

    @property
    def is_active(self) -> bool:
        return self.status is ConnectionStatus.ACTIVE

    def rests_at(self, at: datetime) -> bool:
        """Whether a refresh has failed just now, so that nobody should try again yet."""
        until = moments.meant(Connection.lease_until, self.lease_until, at)
        is_over = until is None or until <= at
        return self.lease_holder is None and not is_over

    def is_good_at(self, at: datetime) -> bool:
        """Whether the access token is good for a while yet; a password does not run out."""
        if self.access_token_sealed is None:
            return False
        return self.expires_at is None or self.expires_at - at >= waits.TOKEN_MARGIN


_COLUMNS = [getattr(Connection, name) for name in Seen.__dataclass_fields__]


def read(connection_id: int) -> Seen | None:
    """The row as it is now. Ends the transaction it is read in, and any that was open."""
    with database.reading():
        row = db.session.execute(sa.select(*_COLUMNS).where(Connection.id == connection_id)).first()
        db.session.commit()
    return Seen(**row._mapping) if row else None


def take(seen: Seen, holder: str, *, now: datetime) -> bool:
    """Take the lease, if the pair is still the one that was seen and nobody has it. Commits."""
    taken = db.session.execute(
        sa.update(Connection)
        .where(
            Connection.id == seen.id,
            Connection.status == ConnectionStatus.ACTIVE,
            Connection.generation == seen.generation,
            moments.is_free(Connection, now),
        )
        .values(lease_until=now + waits.REFRESH_LEASE, lease_holder=holder)
        .returning(Connection.id)
    ).first()
    db.session.commit()
    return taken is not None


def rest(seen: Seen, holder: str, *, now: datetime) -> None:
    """End the lease if it is still this holder's, which it is only if the refresh failed. For a
    moment nobody gets it then: a hundred jobs must not ask a provider that does not answer.

    Commits, and drops what was left unfinished.
    """
    db.session.rollback()
    db.session.execute(
        sa.update(Connection)
        .where(Connection.id == seen.id, Connection.lease_holder == holder)
        .values(lease_until=now + waits.FIRST_RETRY, lease_holder=None)
    )
    db.session.commit()
