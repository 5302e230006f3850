"""Columns of rows that work waits at: whether the queue has them, and who is at them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bookme.models.types import UTCDateTime


class Queued:
    """A row that the sweep gives to the queue."""

    id: Mapped[int]
    #: When it was; it is left alone for a while then.
    queued_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Leased(Queued):
    """A row that one worker at a time has to itself, until an instant."""

    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lease_holder: Mapped[str | None] = mapped_column(sa.String(32))

    def end_lease(self) -> None:
        """Let others have it, and the queue."""
        self.lease_until = self.lease_holder = self.queued_at = None
