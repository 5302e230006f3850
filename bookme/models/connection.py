"""A host's link to Zoom (and later Google, Microsoft, iCloud), and the attempts to make one."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.leased import Leased
from bookme.models.types import Choice, UTCDateTime
from bookme.models.user import Session, User


class ConnectionStatus(StrEnum):
    ACTIVE = "active"
    NEEDS_RECONNECT = "needs_reconnect"
    INACTIVE = "inactive"


class Problem(StrEnum):
    """What is wrong with a connection; put into words where it is shown."""

    GRANT_ENDED = (
        "grant_ended"  # the provider refuses the grant: revoked, expired, password changed
    )
    REPLACED = "replaced"  # the same Zoom user connected another BookMe account
    SCOPE_MISSING = "scope_missing"  # a permission is gone
    USER_MISSING = "user_missing"  # the provider knows this user no longer
    REMOVED = "removed"  # removed at the provider's side (Zoom's Marketplace)
    RESTORED = "restored"  # the server went back to a backup, whose tokens may not be used


class Connection(Leased, Model):
    """A host's link to a provider.

    Everything that identifies or opens the account at the provider is sealed, and bound to this
    row by its ``seal_id``; :mod:`bookme.connections.grants.seals` alone makes and opens the values
    of those columns. ``generation`` counts token pairs: a pair is stored only over the generation
    it was made from.
    """

    __tablename__ = "connection"
    __table_args__ = (
        sa.Index(
            "uq_connection_live",
            "host_id",
            "provider",
            unique=True,
            sqlite_where=sa.text("status != 'inactive'"),
            postgresql_where=sa.text("status != 'inactive'"),
        ),
        sa.Index("ix_connection_checked_at", "checked_at"),
        sa.Index("ix_connection_refreshed_at", "refreshed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(sa.String(32))
    status: Mapped[ConnectionStatus] = mapped_column(Choice(ConnectionStatus))
    seal_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    label_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    user_id_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    account_id_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    access_token_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    refresh_token_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    #: A keyed hash of the provider's user id, for look-ups.
    user_digest: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    plan: Mapped[str | None] = mapped_column(sa.String(16))
    scopes: Mapped[str] = mapped_column(sa.Text, default="")
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    generation: Mapped[int] = mapped_column(default=0)
    #: No creates or updates before this instant: a limit of the account at the provider.
    blocked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The provider has asked for no calls at all for this account before this instant.
    calls_after: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[Problem | None] = mapped_column(Choice(Problem))
    problem_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    connected_at: Mapped[datetime] = mapped_column(UTCDateTime)
    disconnected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    refreshed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    host: Mapped[User] = relationship(back_populates="connections")

    @property
    def is_active(self) -> bool:
        return self.status is ConnectionStatus.ACTIVE

    @property
    def needs_reconnect(self) -> bool:
        return self.status is ConnectionStatus.NEEDS_RECONNECT


class AuthorizationAttempt(Model):
    """A consent that a host has started; or what it came to, while its host is asked about that.

    Taken by one DELETE … RETURNING, so a state serves once.
    """

    __tablename__ = "authorization_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: The browser; None once it is signed out: what is held for it is revoked before it is deleted.
    session_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("session.id", ondelete="SET NULL"), index=True
    )
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(sa.String(32))
    verifier_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    #: There is a grant in place of the verifier: of another account than the connected one, until
    #: the host says whether it takes that one's place. (The column's name is older.)
    holds_grant: Mapped[bool] = mapped_column("may_replace", default=False)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    session: Mapped[Session | None] = relationship()
    host: Mapped[User] = relationship()
