"""Google's token and revoke endpoints."""

import hmac
import re
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox import tokens
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.google.answers import error, token_refused
from sandbox.settings import setting
from sandbox.tokens import GrantRefused
from sandbox.wire import note

bp = Blueprint("google_token", __name__, url_prefix="/google")

_CLIENT = {"client_id", "client_secret", "grant_type"}
_FIELDS = {
    "authorization_code": _CLIENT | {"code", "redirect_uri", "code_verifier"},
    "refresh_token": _CLIENT | {"refresh_token"},
}
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@bp.post("/token")
def token() -> Response:
    """Exchange a code, or get another access token."""
    form = _form()
    _check_client(form)
    kind = form.get("grant_type", "")
    if kind not in _FIELDS:
        raise token_refused("unsupported_grant_type", f"Invalid grant_type: {kind[:50]}")
    if set(form) != _FIELDS[kind]:
        raise token_refused("invalid_request", "Missing or unknown parameter.")
    try:
        body = _exchange(form) if kind == "authorization_code" else _refresh(form)
    except GrantRefused as refused:
        raise error("token_invalid_grant") from refused
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-cache, no-store, max-age=0, must-revalidate"
    return response


@bp.post("/revoke")
def revoke() -> Response:
    """End all that a user has granted, by any one token of it: so it is at Google."""
    form, now = _form(), utcnow()
    if set(form) != {"token"}:
        raise token_refused("invalid_request", "Missing or unknown parameter.")
    with sandbox().store.write() as db:
        person_id = tokens.owner(db, form["token"], "google")
        if person_id is None:
            raise token_refused("invalid_token", "Token expired or revoked")
        note(person_id)
        tokens.kill_grants(db, person_id, "revoked", now, "google")
    return jsonify({})


def _form() -> dict[str, str]:
    form = request.form
    wrong = (
        request.args
        or request.mimetype != "application/x-www-form-urlencoded"
        or any(len(form.getlist(name)) != 1 or not form[name] for name in form)
    )
    if wrong:
        raise token_refused("invalid_request", "Each parameter once, in the body.")
    return form.to_dict()


def _check_client(form: dict[str, str]) -> None:
    """Refuse everybody but the app, which says who it is in the body and nowhere else."""
    known = sandbox().config.client("google")
    parts = (form.get("client_id", ""), form.get("client_secret", ""))
    same = [hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(parts, known, strict=True)]
    if request.authorization is not None or not all(same) or not all(known):
        raise token_refused("invalid_client", "Unauthorized", 401)


def _exchange(form: dict[str, str]) -> dict[str, Any]:
    """A grant for a code, which is used up also when refused."""
    now, verifier = utcnow(), form["code_verifier"]
    with sandbox().store.write() as db:
        row = tokens.take_code(db, form["code"], now, "google")
        note(row["person_id"])
        try:
            valid = verifier if _VERIFIER.fullmatch(verifier) else None
            tokens.check_code(row, form["redirect_uri"], valid, now)
            made = tokens.new_grant(db, row["person_id"], row["scopes"], now, "google")
            pair = tokens.new_pair(db, made, now)
            shown = _shown(pair.access, pair.expires_in, pair.scopes)
            return {**shown, "refresh_token": pair.refresh}
        except GrantRefused as why:
            refused = why
    raise refused


def _refresh(form: dict[str, str]) -> dict[str, Any]:
    """Another access token; the refresh token stays as it is, and none is sent."""
    now = utcnow()
    with sandbox().store.write() as db:
        made = tokens.refreshable(db, form["refresh_token"], now, "google")
        note(made["person_id"])
        access = tokens.new_token(db, made, "access", now)
        return _shown(access, setting(db, "access_ttl_seconds"), made["scopes"])


def _shown(access: str, seconds: int, scopes: str) -> dict[str, Any]:
    return {
        "access_token": access,
        "expires_in": seconds,
        "scope": scopes,
        "token_type": "Bearer",
    }
