"""Invitations to sign up: each lets one person in, once, for two weeks.

The link is made of the row's random key and our secret key whenever it's shown, and kept nowhere.
"""

import hashlib
import logging
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from bookme.accounts import links
from bookme.crypto import new_token
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import Invitation, User

log = logging.getLogger(__name__)

#: How long one is good, in days, unless the operator says otherwise.
DAYS = 14
#: So many of a host may wait to be used.
MOST = 10


class TooMany(BookMeError):
    """A host has as many unused ones as there may be."""


def make(host: User | None, *, days: int = DAYS, now: datetime) -> Invitation:
    """Let one more person sign up.

    :param host: who invites, locked; None: the operator.
    :raises TooMany: if :data:`MOST` of theirs wait already.
    """
    if host is not None and len(of(host, now=now)) >= MOST:
        raise TooMany(f"{host.id}")
    row = Invitation(
        key=new_token(),
        host_id=host.id if host is not None else None,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(row)
    db.session.flush()
    log.info("invitation %d made by %s", row.id, _who(row))
    return row


def of(host: User, *, now: datetime) -> list[Invitation]:
    """Those of a host that wait to be used, the latest first."""
    waiting = sa.select(Invitation).where(
        Invitation.host_id == host.id, Invitation.expires_at > now
    )
    return list(db.session.scalars(waiting.order_by(Invitation.id.desc())))


def link(invitation: Invitation) -> str:
    """The address to send to whom it invites."""
    return links.address("accounts.invitation", token=_signer().dumps(invitation.key))


def find(token: object, *, now: datetime) -> Invitation | None:
    """The invitation that a link has, if it lets anybody in."""
    try:
        key = _signer().loads(token) if isinstance(token, str) else None
    except BadSignature:
        return None
    return db.session.scalar(
        sa.select(Invitation).where(Invitation.key == key, Invitation.expires_at > now)
    )


def take(token: object, *, now: datetime) -> bool:
    """Use it up; return whether there was one. Whoever finds it has it alone."""
    found = find(token, now=now)
    if found is None:
        return False
    gone = sa.delete(Invitation).where(Invitation.id == found.id).returning(Invitation.id)
    log.info("invitation %d by %s used", found.id, _who(found))
    return db.session.scalar(gone) is not None


def withdraw(host: User, invitation_id: int) -> bool:
    """Let one of a host's admit nobody; return whether there was one."""
    gone = sa.delete(Invitation).where(
        Invitation.id == invitation_id, Invitation.host_id == host.id
    )
    return db.session.scalar(gone.returning(Invitation.id)) is not None


def _who(row: Invitation) -> str:
    return "the operator" if row.host_id is None else f"host {row.host_id}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"],
        salt="bookme invitation",
        signer_kwargs={"digest_method": hashlib.sha256},
    )
