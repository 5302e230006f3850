"""What programs ask the provider: what it is, its keys, tokens for a code, and who somebody is."""

import hmac
import json
import re
import sqlite3
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox import people, tokens
from sandbox.answers import Refusal
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.openid import keys
from sandbox.settings import setting
from sandbox.times import stamp
from sandbox.tokens import GrantRefused
from sandbox.wire import note

bp = Blueprint("openid_token", __name__, url_prefix="/openid")

_FIELDS = {"grant_type", "code", "redirect_uri", "code_verifier"}
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
#: How long an ID token is good, in seconds.
_LIFE = 300


@bp.get("/.well-known/openid-configuration")
def configuration() -> Response:
    """What the provider is (OpenID Connect Discovery 1.0, section 3)."""
    issuer = _issuer()
    return jsonify(
        issuer=issuer,
        authorization_endpoint=f"{issuer}/authorize",
        token_endpoint=f"{issuer}/token",
        userinfo_endpoint=f"{issuer}/userinfo",
        jwks_uri=f"{issuer}/keys",
        response_types_supported=["code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["ES256"],
        token_endpoint_auth_methods_supported=["client_secret_basic"],
        code_challenge_methods_supported=["S256"],
        scopes_supported=["openid", "email", "profile"],
        authorization_response_iss_parameter_supported=True,
    )


@bp.get("/keys")
def key_set() -> Response:
    """The key that tokens are signed with now."""
    with sandbox().store.write() as db:
        return jsonify(keys=[keys.public(db)])


@bp.post("/token")
def token() -> Response:
    """Exchange a code: it serves once, also when it's refused."""
    _check_client()
    form = request.form
    wrong = (
        request.args
        or request.mimetype != "application/x-www-form-urlencoded"
        or any(len(form.getlist(name)) != 1 or not form[name] for name in form)
        or set(form) != _FIELDS
    )
    if wrong:
        raise _refused("invalid_request")
    if form["grant_type"] != "authorization_code":
        raise _refused("unsupported_grant_type")
    try:
        body = _exchange(form.to_dict())
    except GrantRefused as why:
        raise _refused("invalid_grant") from why
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/userinfo")
def userinfo() -> Response:
    """Who the person is whose token is shown."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise _refused("invalid_token", 401)
    with sandbox().store.read() as db:
        found = tokens.find_access(db, given.token, "openid")
        if found is None or found["expires_at"] <= stamp(utcnow()):
            raise _refused("invalid_token", 401)
        return jsonify(_person(db, found["person_id"], json.loads(found["scopes"])))


def _exchange(form: dict[str, str]) -> dict[str, Any]:
    now, verifier = utcnow(), form["code_verifier"]
    with sandbox().store.write() as db:
        row = tokens.take_code(db, form["code"], now, "openid")
        note(row["person_id"])
        try:
            valid = verifier if _VERIFIER.fullmatch(verifier) else None
            tokens.check_code(row, form["redirect_uri"], valid, now)
        except GrantRefused as why:
            refused = why
        else:
            said = json.loads(row["scopes"])
            made = tokens.new_grant(db, row["person_id"], row["scopes"], now, "openid")
            pair = tokens.new_pair(db, made, now)
            return {
                "access_token": pair.access,
                "token_type": "Bearer",
                "expires_in": pair.expires_in,
                "scope": said["scope"],
                "id_token": _id_token(db, row["person_id"], said, pair.access),
            }
    raise refused


def _id_token(
    db: sqlite3.Connection, person_id: str, said: dict[str, Any], access_token: str
) -> str:
    now, (client_id, secret) = int(utcnow().timestamp()), sandbox().config.openid
    claims = {
        "iss": _issuer(),
        "aud": client_id,
        "azp": client_id,
        "iat": now,
        "exp": now + _LIFE,
        "auth_time": said["auth_time"],
        "nonce": said["nonce"],
        "at_hash": keys.half_hash(access_token),
        **_person(db, person_id, said),
        **setting(db, "openid_claims"),
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    return keys.signed(db, claims, secret)


def _person(db: sqlite3.Connection, person_id: str, said: dict[str, Any]) -> dict[str, Any]:
    person = people.find(db, person_id)
    assert person is not None
    asked, claims = said["scope"].split(), {"sub": person_id}
    if "email" in asked:
        claims |= {"email": said["email"], "email_verified": said["email_verified"]}
    return claims | ({"name": people.display_name(person)} if "profile" in asked else {})


def _check_client() -> None:
    """Refuse everybody but the app, which says who it is by HTTP Basic and in no other way."""
    given, known = request.authorization, sandbox().config.openid
    if given is None or given.type != "basic" or not all(known):
        raise _refused("invalid_client", 401)
    parts = (given.username or "", given.password or "")
    same = [hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(parts, known, strict=True)]
    if not all(same):
        raise _refused("invalid_client", 401)


def _issuer() -> str:
    return f"{sandbox().config.public_url}/openid"


def _refused(error: str, status: int = 400) -> Refusal:
    return Refusal(status, {"error": error})
