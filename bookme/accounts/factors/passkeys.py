"""Passkeys: WebAuthn credentials that a browser or a device keeps and finds by itself.

User verification (a fingerprint, a face, a PIN) is always required, so that a passkey alone is two
factors. Challenges are pending proofs: rows that serve once.
"""

import secrets
import struct
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
import webauthn
from flask import current_app
from webauthn.helpers import (
    options_to_json,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import Passkey, PendingProof, User

#: So many a host, and so long an answer of a browser, in characters.
MOST, LONGEST = 20, 20_000
_CHALLENGE = 32
#: What the library says of answers that are none, beside its own errors: it reads what a stranger
#: sent, whose parts may be anything.
_UNREADABLE = (
    *(WebAuthnException, ValueError, TypeError, LookupError, AttributeError, OverflowError),
    *(RecursionError, EOFError, struct.error),
)


class BadPasskey(BookMeError):
    """What a browser sent is not the answer of a passkey that was asked for."""


class PasskeyTaken(BookMeError):
    """This passkey is on an account already."""


def of(user: User) -> list[Passkey]:
    """All of a host's, the oldest first."""
    query = sa.select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)
    return list(db.session.scalars(query))


def new_challenge() -> bytes:
    """Random bytes for an authenticator to sign."""
    return secrets.token_bytes(_CHALLENGE)


def handle_of(user: User) -> bytes:
    """What authenticators know a host by: the same for all of a host's passkeys, and random."""
    mine = of(user)
    return mine[0].user_handle if mine else new_challenge()


def options_to_add(user: User, challenge: bytes, user_handle: bytes) -> str:
    """What the browser is told to make a passkey, as JSON."""
    mine = of(user)
    options = webauthn.generate_registration_options(
        rp_id=_site(),
        rp_name="BookMe",
        user_id=user_handle,
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(one) for one in mine],
    )
    return options_to_json(options)


def add(user: User, answer: str, asked: PendingProof, *, name: str, now: datetime) -> Passkey:
    """Keep the passkey that a browser has made.

    :param answer: the browser's credential as JSON.
    :param asked: what it was asked with.
    :raises BadPasskey: if it isn't an answer to the challenge, from this site, with the person
        verified.
    :raises PasskeyTaken: if it is kept already, whosesoever.
    """
    try:
        given = parse_registration_credential_json(_short(answer))
        made = webauthn.verify_registration_response(
            credential=given,
            expected_challenge=asked.challenge or b"",
            expected_rp_id=_site(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise BadPasskey(type(error).__name__) from error
    if db.session.scalar(sa.exists().where(Passkey.credential_id == made.credential_id).select()):
        raise PasskeyTaken("this credential is known")
    row = Passkey(
        user_id=user.id,
        user_handle=asked.user_handle,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=[one.value for one in given.response.transports or []],
        name=name,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def options_to_use(challenge: bytes, user: User | None = None) -> str:
    """What the browser is told to use a passkey, as JSON.

    :param user: whose it must be; None: the browser offers those that it knows for this site.
    """
    options = webauthn.generate_authentication_options(
        rp_id=_site(),
        challenge=challenge,
        allow_credentials=[_descriptor(one) for one in of(user)] if user is not None else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def use(answer: str, challenge: bytes, *, user_id: int | None, now: datetime) -> Passkey:
    """Whose passkey has signed the challenge.

    :param user_id: whose it must be, if that is known.
    :raises BadPasskey: if it isn't an answer to the challenge, from this site, with the person
        verified, by a known passkey, which has counted on since.
    """
    try:
        given = parse_authentication_credential_json(_short(answer))
        row = _found(given.raw_id, user_id)
        handle = given.response.user_handle
        if handle != row.user_handle and (handle is not None or user_id is None):
            raise BadPasskey("another account's handle")
        verified = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=_origin(),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise BadPasskey(type(error).__name__) from error
    row.sign_count, row.last_used_at = verified.new_sign_count, now
    db.session.flush()
    return row


def one_of(user: User, passkey_id: int) -> Passkey | None:
    """One of a host's, by its id."""
    mine = sa.select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id)
    return db.session.scalar(mine)


def remove(user: User, passkey_id: int) -> Passkey | None:
    """Remove one of a host's; return what it was, if there was one."""
    gone = sa.delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id)
    return db.session.scalar(gone.returning(Passkey))


def _found(credential_id: bytes, user_id: int | None) -> Passkey:
    wanted = sa.select(Passkey).where(Passkey.credential_id == credential_id)
    if user_id is not None:
        wanted = wanted.where(Passkey.user_id == user_id)
    row = db.session.scalar(wanted.with_for_update())
    if row is None:
        raise BadPasskey("no such passkey")
    return row


def _descriptor(row: Passkey) -> PublicKeyCredentialDescriptor:
    known = {one.value: one for one in AuthenticatorTransport}
    transports = [known[one] for one in row.transports if one in known]
    return PublicKeyCredentialDescriptor(id=row.credential_id, transports=transports or None)


def _short(answer: str) -> str:
    if len(answer) > LONGEST:
        raise ValueError("too long for an answer")
    return answer


def _site() -> str:
    """The relying party's id: our host name."""
    return urlsplit(current_app.config["PUBLIC_URL"]).hostname or ""


def _origin() -> str:
    """Where pages that use passkeys must come from."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return f"{parts.scheme}://{parts.hostname}{port}"
