"""Zoom's consent page: who asks, for what, and Allow or Decline."""

import base64
import binascii
import re
import secrets
import sqlite3
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bookme.clock import utcnow
from bookme.sandbox import people, tokens
from bookme.sandbox.answers import ZoomError, error
from bookme.sandbox.context import sandbox
from bookme.sandbox.pages import not_found
from bookme.sandbox.times import stamp

bp = Blueprint("consent", __name__, url_prefix="/zoom/oauth")

#: How long a consent page waits for its answer.
PATIENCE = timedelta(minutes=10)
_REQUIRED = {
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
}
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@bp.get("/authorize")
def authorize() -> str:
    """Check the app's request and show the page."""
    with sandbox().store.write() as db:
        asked = request.args
        _check(db, asked)
        asking = begin(db, asked["redirect_uri"], asked["state"], asked["code_challenge"], utcnow())
        return _page(db, asking)


@bp.get("/consent/<asking>")
def show(asking: str) -> str:
    """The same page for somebody who began in the Marketplace."""
    with sandbox().store.read() as db:
        _waiting(db, asking, utcnow())
        return _page(db, asking)


@bp.post("/consent")
def answer() -> Response:
    """Allow or decline; either way the browser goes back to the app."""
    now = utcnow()
    with sandbox().store.write() as db:
        waiting = _waiting(db, request.form.get("asking", ""), now)
        db.execute("DELETE FROM consent WHERE id = ?", (waiting["id"],))
        person = people.find(db, request.form.get("person"))
        given = {"state": waiting["state"]} if waiting["state"] is not None else {}
        if request.form.get("answer") != "allow" or person is None:
            return redirect(_with(waiting["redirect_uri"], {"error": "access_denied", **given}))
        session["person"] = person["id"]
        code = tokens.new_code(db, person["id"], waiting["redirect_uri"], waiting["challenge"], now)
        db.execute("UPDATE person SET added_at = ? WHERE id = ?", (stamp(now), person["id"]))
        return redirect(_with(waiting["redirect_uri"], {"code": code, **given}))


def begin(
    db: sqlite3.Connection, redirect: str, state: str | None, challenge: str | None, now: datetime
) -> str:
    """Note that somebody is being asked; the answer returns the id."""
    asking = secrets.token_urlsafe(24)
    db.execute(
        "INSERT INTO consent VALUES (?, ?, ?, ?, ?)",
        (asking, redirect, state, challenge, stamp(now)),
    )
    return asking


def _check(db: sqlite3.Connection, asked: MultiDict[str, str]) -> None:
    """Refuse what the real Zoom might let pass.

    The browser stays here: an address that has not proved to be the app's gets nothing.
    """
    here = sandbox()
    if asked.get("client_id") != here.config.client_id:
        given = str(asked.get("client_id", ""))[:100]
        raise error("authorize_bad_client", errorMessage=f"Invalid client_id: {given}")
    if asked.get("redirect_uri") not in here.registered(db, "redirects"):
        raise error("authorize_bad_redirect")
    if any(len(asked.getlist(name)) != 1 or not asked[name] for name in _REQUIRED):
        raise _refused("each once: " + ", ".join(sorted(_REQUIRED)))
    if set(asked) != _REQUIRED:  # "scope" above all
        raise _refused("not wanted: " + ", ".join(sorted(set(asked) - _REQUIRED))[:200])
    if asked["response_type"] != "code":
        raise _refused("response_type must be code")
    if asked["code_challenge_method"] != "S256" or not _is_challenge(asked["code_challenge"]):
        raise _refused("code_challenge must be one of method S256")


def _is_challenge(text: str) -> bool:
    """Whether this may be the unpadded base64url of a SHA-256."""
    if not _CHALLENGE.fullmatch(text):
        return False
    try:
        digest = base64.urlsafe_b64decode(f"{text}=")
    except binascii.Error:
        return False
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == text


def _refused(why: str) -> ZoomError:
    return error("authorize_bad_redirect", errorMessage=f"Invalid request: {why}")


def _waiting(db: sqlite3.Connection, asking: str, now: datetime) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM consent WHERE id = ? AND made_at > ?", (asking, stamp(now - PATIENCE))
    ).fetchone()
    if row is None:
        raise not_found("This consent page has been answered, or has waited too long.")
    return row


def _page(db: sqlite3.Connection, asking: str) -> str:
    everybody = people.everybody(db)
    signed_in = session.get("person", everybody[0]["id"])
    return render_template("consent.html", asking=asking, people=everybody, signed_in=signed_in)


def _with(address: str, given: dict[str, str]) -> str:
    joint = "&" if urlsplit(address).query else "?"
    return f"{address}{joint}{urlencode(given)}"
