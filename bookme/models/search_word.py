"""The words by which a host finds bookings."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.attendee import Attendee

#: PostgreSQL compares by bytes then, as SQLite does: what begins alike stands together.
_WORD = sa.String(24).with_variant(sa.String(24, collation="C"), "postgresql")


class SearchWord(Model):
    """A word of a person of a booking, as :mod:`bookme.searched` has it.

    Triggers on ``attendee`` keep these rows, whatever code writes there, and the database deletes
    them with the person.
    """

    __tablename__ = "search_word"
    __table_args__ = (
        sa.Index("ix_search_word_host", "host_id", "word", "booking_id"),
        {"sqlite_with_rowid": False},
    )

    attendee_id: Mapped[int] = mapped_column(
        sa.ForeignKey("attendee.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(_WORD, primary_key=True)
    #: Those of the person's booking, which never become others.
    host_id: Mapped[int]
    booking_id: Mapped[int]

    attendee: Mapped[Attendee] = relationship()
