"""Microsoft's consent page: all or nothing."""

import sqlite3

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from sandbox import asking, people, tokens
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.microsoft import accounts
from sandbox.settings import MICROSOFT_SCOPES

bp = Blueprint("microsoft_consent", __name__, url_prefix="/microsoft/oauth2/v2.0")

_ALLOWED = {"response_mode", "prompt", "login_hint", "domain_hint"}
_PROMPTS = ("login", "consent", "select_account")
WORDS = {
    "User.Read": "View your basic profile",
    "Calendars.ReadWrite": "Have full access to your calendars",
    "offline_access": "Maintain access to data you have given it access to",
}
#: What the app is told when the person does not, or may not, accept.
_NO = {
    "decline": ("access_denied", "AADSTS65004: User declined to consent to access the app."),
    "blocked": ("consent_required", "AADSTS90094: An administrator must grant the permission."),
}


@bp.get("/authorize")
def authorize() -> str:
    """Check the app's request and show the page."""
    asked = request.args
    with sandbox().store.write() as db:
        _check(db, asked)
        page = asking.begin(
            db,
            asked["redirect_uri"],
            asked["state"],
            asked["code_challenge"],
            utcnow(),
            provider="microsoft",
            scopes=asked["scope"],
        )
        everybody = people.everybody(db)
        kinds = {person["id"]: accounts.of(db, person["id"])["kind"] for person in everybody}
    return render_template(
        "consent_microsoft.html",
        asking=page,
        people=everybody,
        kinds=kinds,
        signed_in=session.get("person", everybody[0]["id"]),
        words=[WORDS[scope] for scope in asked["scope"].split() if scope in WORDS],
    )


@bp.post("/consent")
def answer() -> Response:
    """Accept or not; either way the browser goes back to the app."""
    now, form = utcnow(), request.form
    with sandbox().store.write() as db:
        asked = asking.take(db, form.get("asking", ""), now, "microsoft")
        person = people.find(db, form.get("person"))
        if form.get("answer") != "allow" or person is None:
            error, words = _NO.get(form.get("answer", ""), _NO["decline"])
            given = {"error": error, "error_description": words}
        else:
            session["person"] = person["id"]
            code = tokens.new_code(db, asked, person["id"], asked["scopes"], now)
            given = {"code": code, "session_state": "0"}
    return redirect(
        asking.with_query(asked["redirect_uri"], {**given, "state": str(asked["state"])})
    )


def _check(db: sqlite3.Connection, asked: MultiDict[str, str]) -> None:
    """Refuse what the real Microsoft might let pass. The browser stays here.

    :raises BadRequest: with Microsoft's number for the error.
    """
    here = sandbox()
    client_id, _ = here.config.client("microsoft")
    if not client_id or asked.get("client_id") != client_id:
        raise BadRequest("AADSTS700016: Application was not found in the directory.")
    if asked.get("redirect_uri") not in asking.redirects(db, here, "microsoft"):
        raise BadRequest("AADSTS50011: The redirect URI does not match those configured.")
    if wrong := asking.what_is_wrong(asked, {"scope"}, _ALLOWED):
        raise BadRequest(f"AADSTS900144: {wrong}")
    if asked.get("response_mode", "query") != "query":
        raise BadRequest("AADSTS9002013: response_mode must be query")
    if asked.get("prompt", "consent") not in _PROMPTS:
        raise BadRequest("AADSTS90023: prompt is not supported")
    scopes = asked["scope"].split()
    if "offline_access" not in scopes:
        raise BadRequest("AADSTS70011: without offline_access there is no refresh token")
    if unknown := set(scopes) - set(MICROSOFT_SCOPES):
        raise BadRequest(f"AADSTS70011: invalid scope {', '.join(sorted(unknown))[:200]}")
