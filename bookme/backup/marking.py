"""What is done to a database of yesterday before it is used: the outside has gone on since.

The tokens in it were exchanged for newer ones, and to use them would end grants that live; what
was booked since is in calendars only. So no token in it is ever used, and until a calendar has been
read anew its schedules offer no times.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bookme.connections import providers
from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.models import (
    Calendar,
    Connection,
    ConnectionStatus,
    Invitation,
    PendingLink,
    Problem,
    Session,
    SignInAttempt,
)


@dataclass(frozen=True, slots=True)
class Marked:
    connections: int
    sessions: int


def mark(made_at: datetime, *, now: datetime) -> Marked:
    """Mark a database that was brought back from a backup of ``made_at``. Commits."""
    found = db.session.scalars(
        sa.select(Connection).where(Connection.status == ConnectionStatus.ACTIVE)
    ).all()
    marked = sum(_mark(connection, made_at, now) for connection in found)
    ended = db.session.scalars(sa.delete(Session).returning(Session.id)).all()  # some were since
    for served in (SignInAttempt, PendingLink, Invitation):  # so may these have
        db.session.execute(sa.delete(served))
    db.session.commit()
    return Marked(marked, len(ended))


def _mark(connection: Connection, made_at: datetime, now: datetime) -> bool:
    """Whether its host has to connect again. A password is as good as it was; what it opens has to
    be read first.
    """
    if providers.facts(connection.provider).password:
        db.session.execute(
            sa.update(Calendar)
            .where(Calendar.connection_id == connection.id, Calendar.is_checked)
            .values(read_after=now, failing_since=made_at)
        )
        return False
    disconnecting.mark_dead(connection.id, connection.generation, Problem.RESTORED, now=now)
    db.session.execute(
        sa.update(Connection).where(Connection.id == connection.id).values(problem_at=made_at)
    )
    return True
