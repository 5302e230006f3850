"""What is noted of a living connection: what was deleted with a disconnect must not come back."""

from datetime import datetime

import sqlalchemy as sa

from bookme import resealing
from bookme.connections.grants import disconnecting, seals
from bookme.connections.grants.identity import Identity
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus
from bookme.sealed import CONNECTION


def note_account(connection_id: int, account: Identity, *, now: datetime) -> None:
    """Note what the provider said of the account: that it works, its label and plan. Commits."""
    connection = disconnecting.locked(connection_id)  # a disconnect in between must not be undone
    if connection is not None and connection.is_active:
        for name, value in seals.account(connection.seal_id, connection.provider, account).items():
            setattr(connection, name, value)
        connection.checked_at, connection.queued_at = now, None
        db.session.flush()
        resealing.renew(CONNECTION, connection.id)
    db.session.commit()


def note(connection_id: int, **values: datetime) -> None:
    """Note when it was used, or until when it is not to be. Commits."""
    db.session.execute(
        sa.update(Connection)
        .where(Connection.id == connection_id, Connection.status == ConnectionStatus.ACTIVE)
        .values(**values)
    )
    db.session.commit()
