"""What the operator wants to know of a running BookMe: who is alive, and what is wrong with the
set-up.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bookme.extensions import Model
from bookme.models.types import UTCDateTime


class Heartbeat(Model):
    """The last sign of life of a worker or the sweep."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(16), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Alarm(Model):
    """Something only the operator can mend, such as a provider that refuses our client
    credentials.
    """

    __tablename__ = "alarm"

    kind: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    times: Mapped[int] = mapped_column(default=1)


class Chore(Model):
    """Housekeeping that must happen once more, such as truncating SQLite's log after a
    disconnect.
    """

    __tablename__ = "chore"

    kind: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
