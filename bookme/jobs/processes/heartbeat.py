"""Signs of life of workers and sweeps, in the database: Redis may be what is wrong."""

import os
import socket
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bookme.extensions import db
from bookme.models import Heartbeat


def own_name(kind: str) -> str:
    """What this process is called among the heartbeats."""
    return f"{kind}@{socket.gethostname()[:48]}:{os.getpid()}"


def beat(kind: str, name: str, *, now: datetime) -> None:
    """Note that a process lives. Commits."""
    again = sa.update(Heartbeat).where(Heartbeat.name == name).values(at=now)
    if db.session.scalar(again.returning(Heartbeat.name)) is None:
        try:
            with db.session.begin_nested():
                db.session.add(Heartbeat(name=name, kind=kind, at=now))
        except IntegrityError:
            pass  # there is one with this name after all, as fresh as ours
    db.session.commit()
