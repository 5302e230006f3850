"""Microsoft's token endpoint."""

import hmac
import re

from flask import Blueprint, Response, jsonify, request

from sandbox import tokens
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.microsoft.answers import error, token_refused
from sandbox.tokens import GrantRefused, Pair
from sandbox.wire import note

bp = Blueprint("microsoft_token", __name__, url_prefix="/microsoft/oauth2/v2.0")

_CLIENT = {"client_id", "client_secret", "scope"}
_FIELDS = {
    "authorization_code": {"grant_type", "code", "redirect_uri", "code_verifier"},
    "refresh_token": {"grant_type", "refresh_token"},
}
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
#: Asked for, but not among the scopes of an answer.
_UNNAMED = {"openid", "offline_access"}


@bp.post("/token")
def token() -> Response:
    """Exchange a code, or get another pair; the refresh token before it stays good."""
    form = _form()
    _check_client(form)
    kind = form.get("grant_type", "")
    if kind not in _FIELDS:
        raise token_refused("unsupported_grant_type", 70003, "The grant type is not supported.")
    if not _FIELDS[kind] <= set(form) <= _FIELDS[kind] | _CLIENT:
        raise token_refused("invalid_request", 900144, "A parameter is missing or unknown.")
    try:
        pair = _exchange(form) if kind == "authorization_code" else _refresh(form)
    except GrantRefused as refused:
        raise error("token_invalid_grant") from refused
    response = jsonify(
        token_type="Bearer",
        scope=" ".join(sorted(set(pair.scopes.split()) - _UNNAMED)),
        expires_in=pair.expires_in,
        ext_expires_in=pair.expires_in,
        access_token=pair.access,
        refresh_token=pair.refresh,
        id_token="e30.e30.",
    )
    response.headers["Cache-Control"] = "no-store, no-cache"
    return response


def _form() -> dict[str, str]:
    form = request.form
    wrong = (
        request.args
        or request.mimetype != "application/x-www-form-urlencoded"
        or any(len(form.getlist(name)) != 1 or not form[name] for name in form)
    )
    if wrong:
        raise token_refused("invalid_request", 900144, "Each parameter once, in the body.")
    return form.to_dict()


def _check_client(form: dict[str, str]) -> None:
    """Refuse everybody but the app, which says who it is in the body or by HTTP Basic."""
    known, basic = sandbox().config.client("microsoft"), request.authorization
    if basic is not None and basic.type == "basic" and "client_secret" not in form:
        parts = (basic.username or "", basic.password or "")
    else:
        parts = (form.get("client_id", ""), form.get("client_secret", ""))
    same = [hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(parts, known, strict=True)]
    if not all(same) or not all(known):
        words = "Invalid client secret provided."
        raise token_refused("invalid_client", 7000215, words, 401)


def _exchange(form: dict[str, str]) -> Pair:
    """A grant for a code, which is used up also when refused."""
    now, verifier = utcnow(), form["code_verifier"]
    with sandbox().store.write() as db:
        row = tokens.take_code(db, form["code"], now, "microsoft")
        note(row["person_id"])
        try:
            valid = verifier if _VERIFIER.fullmatch(verifier) else None
            tokens.check_code(row, form["redirect_uri"], valid, now)
            made = tokens.new_grant(db, row["person_id"], row["scopes"], now, "microsoft")
            return tokens.new_pair(db, made, now)
        except GrantRefused as why:
            refused = why
    raise refused


def _refresh(form: dict[str, str]) -> Pair:
    now = utcnow()
    with sandbox().store.write() as db:
        made = tokens.refreshable(db, form["refresh_token"], now, "microsoft")
        note(made["person_id"])
        return tokens.new_pair(db, made, now)
