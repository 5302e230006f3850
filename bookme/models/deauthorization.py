"""The inbox of Zoom's removals: what is owed after a host removed BookMe at Zoom's side."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bookme.extensions import Model
from bookme.models.leased import Leased
from bookme.models.types import UTCDateTime


class Deauthorization(Leased, Model):
    """One ``app_deauthorized`` event.

    The payload is sealed, and emptied as soon as Zoom has its confirmation. A day longer the row's
    keyed hash keeps a repeated event from being taken for another.
    """

    __tablename__ = "deauthorization"

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    seal_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    payload_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    deauthorized_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The connections of this user have been dealt with; what is left is the confirmation.
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
