"""What the operator wants to know of a running BookMe: who is alive, and what is wrong with the
set-up; who the operators are, and what they did.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.types import UTCDateTime
from bookme.models.user import User


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


class Operator(Model):
    """A host who may see the operator's page, as the command line has allowed."""

    __tablename__ = "operator"

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class OperatorAct(Model):
    """Something that the operator did or looked at. Holds ids and no personal data of hosts; the
    database takes a host's id away when the host is deleted, since another may get it one day.

    :ivar who: the system's user who gave the command; empty of an act on the operator's page.
    :ivar by_id: the operator who acted on that page.
    :ivar about: what else it was done to, such as ``report 5``.
    :ivar outcome: ``done``, or ``nothing`` if it was so already.
    """

    __tablename__ = "operator_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    command: Mapped[str] = mapped_column(sa.String(40))
    host_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    who: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    about: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    outcome: Mapped[str] = mapped_column(sa.String(16))

    host: Mapped[User | None] = relationship(foreign_keys=host_id)
    by: Mapped[User | None] = relationship(foreign_keys=by_id)
