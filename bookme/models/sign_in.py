"""Signing in at a provider of OpenID Connect, and invitations to sign up."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.types import Choice, UTCDateTime
from bookme.models.user import Session, User

#: Whom a provider calls so, for good (OpenID Connect Core, section 2: at most 255 characters).
_SUBJECT = 255


class Purpose(StrEnum):
    """What somebody goes to a provider for."""

    SIGN_IN = "sign_in"
    LINK = "link"  # from inside the account
    PROVE = "prove"  # to show again who is there


class Identity(Model):
    """Somebody at a provider who signs in to an account: its issuer and what it calls them there,
    which stay the same whatever becomes of their e-mail address.

    :ivar provider: the operator's name for it when it was linked.
    """

    __tablename__ = "identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(sa.String(20))
    issuer: Mapped[str] = mapped_column(sa.String(255))
    subject: Mapped[str] = mapped_column(sa.String(_SUBJECT))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class SignInAttempt(Model):
    """Somebody is at a provider: serves once, for ten minutes, in the browser that began it.

    :ivar browser_hash: of the random id that this browser's cookie has.
    :ivar session_id: the session that it was begun from, unless that was to sign in.
    :ivar secrets_sealed: the nonce and PKCE's verifier.
    :ivar next_path: our page that they were on their way to.
    :ivar zone: the browser's time zone, for an account that is made.
    """

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(sa.String(64))
    provider: Mapped[str] = mapped_column(sa.String(20))
    purpose: Mapped[Purpose] = mapped_column(Choice(Purpose))
    session_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("session.id", ondelete="CASCADE"), index=True
    )
    secrets_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    next_path: Mapped[str | None] = mapped_column(sa.String(1000))
    zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    session: Mapped[Session | None] = relationship()


class PendingLink(Model):
    """Somebody has shown a provider's word for an account's address, and has to confirm from inside
    the account. Serves once, for half an hour, in the browser that it came to.

    :ivar epoch: the account's when it was made: a new password or address ends it.
    """

    __tablename__ = "pending_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    epoch: Mapped[int]
    provider: Mapped[str] = mapped_column(sa.String(20))
    issuer: Mapped[str] = mapped_column(sa.String(255))
    subject: Mapped[str] = mapped_column(sa.String(_SUBJECT))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    user: Mapped[User] = relationship()


class Invitation(Model):
    """Lets one person sign up where that takes an invitation. Deleted when it is used.

    :ivar key: random; its link is made of it and our secret key.
    :ivar host_id: the host who made it; None: the operator.
    """

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    host_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    host: Mapped[User | None] = relationship()
