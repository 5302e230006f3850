"""What a host signs in with besides a password, and the browsers that are known to be theirs."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.types import Choice, UTCDateTime
from bookme.models.user import Session, User


def _user_id() -> Mapped[int]:
    return mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)


class Authenticator(Model):
    """An authenticator app: in use once a first code of it was right, until then being set up.

    :ivar session_id: the browser that is setting it up; None once it's in use.
    :ivar last_step: the 30 seconds of the newest code that was taken, so that each serves once.
    """

    __tablename__ = "authenticator"
    __table_args__ = (
        sa.Index(
            "uq_authenticator_in_use",
            "user_id",
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = _user_id()
    session_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("session.id", ondelete="CASCADE"), index=True
    )
    #: Names the row in what its secret is bound to, the same for its life.
    seal_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    secret_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()
    session: Mapped[Session | None] = relationship()


class Passkey(Model):
    """A WebAuthn credential.

    :ivar user_handle: what authenticators know the host by: random, the same for all of a host's.
    :ivar sign_count: as the authenticator counted last; 0 of one that doesn't count.
    """

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = _user_id()
    user_handle: Mapped[bytes] = mapped_column(sa.LargeBinary)
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    transports: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    name: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class RecoveryCode(Model):
    """A code that serves once when nothing else is at hand; the row has its hash."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = _user_id()
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class WrongCode(Model):
    """A wrong code, for counting. ``source`` is the known browser's id, or empty."""

    __tablename__ = "wrong_code"
    __table_args__ = (sa.Index("ix_wrong_code_user_id_created_at", "user_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(sa.String(20), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    user: Mapped[User] = relationship()


class KnownBrowser(Model):
    """A browser in which a host has signed in. Its cookie holds a random id, this row the hash."""

    __tablename__ = "known_browser"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = _user_id()
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: As a session's label.
    label: Mapped[str] = mapped_column(sa.String(80), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    user: Mapped[User] = relationship()


class Step(StrEnum):
    """What a pending proof is for."""

    SECOND_STEP = "second_step"  # the password was right, and more is asked
    SIGN_IN = "sign_in"  # with a passkey alone
    STEP_UP = "step_up"  # by a passkey, from inside the account
    ADD_PASSKEY = "add_passkey"


class PendingProof(Model):
    """Something that a browser has begun to show: serves once, for a few minutes.

    The browser's cookie holds a random id, this row its hash.

    :ivar user_id: whose proof it will be; None while nobody knows.
    :ivar session_id: of a proof asked for from inside an account.
    :ivar challenge: what a passkey must sign.
    :ivar user_handle: what a new passkey is told of its host.
    """

    __tablename__ = "pending_proof"

    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[Step] = mapped_column(Choice(Step))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    session_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("session.id", ondelete="CASCADE"), index=True
    )
    challenge: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    user_handle: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    user: Mapped[User | None] = relationship()
    session: Mapped[Session | None] = relationship()
