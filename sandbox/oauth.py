"""Zoom's token and revoke endpoints."""

import hmac
import re

from flask import Blueprint, Response, jsonify, request

from sandbox import people, tokens
from sandbox.answers import body_of, error
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.tokens import GrantRefused, Pair
from sandbox.wire import note
from sandbox.zoom import webhooks

bp = Blueprint("oauth", __name__, url_prefix="/zoom/oauth")

_FIELDS = {
    "authorization_code": {"grant_type", "code", "redirect_uri", "code_verifier"},
    "refresh_token": {"grant_type", "refresh_token"},
}
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
#: Where a client would end that follows Zoom's ``api_url``; the name can belong to nobody.
_ELSEWHERE = "https://api-eu.zoom.invalid"


@bp.post("/token")
def token() -> Response:
    """Exchange a code, or refresh a pair."""
    check_client()
    form = _form()
    kind = form.get("grant_type", "")
    if kind not in _FIELDS:
        raise error("token_bad_request", reason="Unsupported grant type")
    if not _FIELDS[kind] - {"code_verifier"} <= set(form) <= _FIELDS[kind]:
        raise error("token_bad_request")
    try:
        pair = _exchange(form) if kind == "authorization_code" else _refresh(form)
    except GrantRefused as refused:
        raise error("token_refresh_stale", reason=str(refused)) from refused
    return _answer(pair)


@bp.post("/revoke")
def revoke() -> Response:
    """End a grant by its access token; an access token that has merely expired is good enough."""
    check_client()
    form = _form()
    if set(form) != {"token"}:
        raise error("token_bad_request")
    now = utcnow()
    with sandbox().store.write() as db:
        found = tokens.find_access(db, form["token"])
        if found is None:
            raise error("token_refresh_stale_2021_form")
        person = people.find(db, found["person_id"])
        assert person is not None
        note(person["id"])
        tokens.kill_grants(db, person["id"], "revoked", now)
        db.execute("UPDATE person SET added_at = NULL WHERE id = ?", (person["id"],))
        webhooks.announce_revoke(db, sandbox(), person, now)
    return jsonify(body_of("revoke_ok"))


def check_client() -> None:
    """Refuse everybody but the app: HTTP Basic, no other way.

    :raises ZoomError: with Zoom's words.
    """
    given, config = request.authorization, sandbox().config
    known = (config.client_id, config.client_secret)
    if given is None or given.type != "basic":
        raise error("token_bad_client")
    parts = (given.username or "", given.password or "")
    same = [hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(parts, known, strict=True)]
    if not all(same):
        raise error("token_bad_client")


def _form() -> dict[str, str]:
    """The body's fields, each once and not empty; nothing may stand in the query, which is logged
    on the way.
    """
    form = request.form
    wrong = (
        request.args
        or request.mimetype != "application/x-www-form-urlencoded"
        or any(len(form.getlist(name)) != 1 or not form[name] for name in form)
    )
    if wrong:
        raise error("token_bad_request")
    return form.to_dict()


def _exchange(form: dict[str, str]) -> Pair:
    """A grant for a code; a wrong guess costs the code, so it is used up also when refused."""
    now, verifier = utcnow(), form.get("code_verifier", "")
    with sandbox().store.write() as db:
        row = tokens.take_code(db, form["code"], now)
        note(row["person_id"])
        try:
            valid = verifier if _VERIFIER.fullmatch(verifier) else None
            tokens.check_code(row, form["redirect_uri"], valid, now)
            return tokens.grant(db, row["person_id"], now)
        except GrantRefused as why:
            refused = why
    raise refused


def _refresh(form: dict[str, str]) -> Pair:
    with sandbox().store.write() as db:
        pair = tokens.rotate(db, form["refresh_token"], utcnow())
        found = tokens.find_access(db, pair.access)
        note(found["person_id"] if found else None)
        return pair


def _answer(pair: Pair) -> Response:
    response = jsonify(
        body_of(
            "token_ok",
            access_token=pair.access,
            refresh_token=pair.refresh,
            expires_in=pair.expires_in,
            scope=pair.scopes,
            api_url=_ELSEWHERE,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response
