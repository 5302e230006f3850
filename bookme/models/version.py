"""The version of what a host's public pages show."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.user import User


class HostVersion(Model):
    """Raised by the database, in the same transaction, by every write that changes what the host's
    public pages show (migration 0011). Two pages of one version, one minute and one reader are the
    same.

    A table of its own, so that whoever raises it waits for nobody who has locked the host.
    """

    __tablename__ = "host_version"

    host_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(sa.BigInteger)

    host: Mapped[User] = relationship()
