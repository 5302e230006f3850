"""Google's consent page, on which people may untick what they don't allow."""

import sqlite3

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from sandbox import asking, people, tokens
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.settings import GOOGLE_SCOPES, setting

bp = Blueprint("google_consent", __name__, url_prefix="/google/o/oauth2/v2")

#: What the page says of each scope.
_WORDS = {
    "https://www.googleapis.com/auth/calendar.events": (
        "View and edit events on all your calendars."
    ),
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly": (
        "See the list of Google calendars you’re subscribed to."
    ),
}
_OFFLINE = {"access_type": "offline", "prompt": "consent"}


@bp.get("/auth")
def authorize() -> str:
    """Check the app's request and show the page."""
    asked = request.args
    with sandbox().store.write() as db:
        _check(db, asked)
        scopes = asked["scope"]
        if asked.get("include_granted_scopes") == "true":
            scopes += " include_granted"
        page = asking.begin(
            db,
            asked["redirect_uri"],
            asked["state"],
            asked["code_challenge"],
            utcnow(),
            provider="google",
            scopes=scopes,
        )
        everybody, unticked = people.everybody(db), setting(db, "google_unticked")
    return render_template(
        "consent_google.html",
        asking=page,
        people=everybody,
        signed_in=session.get("person", everybody[0]["id"]),
        scopes=[(scope, _WORDS[scope], scope not in unticked) for scope in asked["scope"].split()],
    )


@bp.post("/consent")
def answer() -> Response:
    """Continue or cancel; either way the browser goes back to the app."""
    now, form = utcnow(), request.form
    with sandbox().store.write() as db:
        asked = asking.take(db, form.get("asking", ""), now, "google")
        person = people.find(db, form.get("person"))
        given = {"state": asked["state"]}
        if form.get("answer") != "allow" or person is None:
            denied = asking.with_query(asked["redirect_uri"], {"error": "access_denied", **given})
            return redirect(denied)
        session["person"] = person["id"]
        scopes = _granted(db, asked["scopes"].split(), form.getlist("scope"), person["id"])
        code = tokens.new_code(db, asked, person["id"], scopes, now)
    back = {**given, "code": code, "scope": scopes}
    return redirect(asking.with_query(asked["redirect_uri"], back))


def _granted(db: sqlite3.Connection, asked: list[str], ticked: list[str], person_id: str) -> str:
    """What was ticked; with ``include_granted_scopes``, what was granted before as well."""
    granted = [scope for scope in asked if scope in ticked]
    if "include_granted" in asked:
        rows = db.execute(
            "SELECT scopes FROM app_grant WHERE provider = 'google' AND person_id = ?"
            " AND dead_at IS NULL",
            (person_id,),
        )
        granted += [scope for row in rows for scope in row["scopes"].split()]
    return " ".join(dict.fromkeys(granted))


def _check(db: sqlite3.Connection, asked: MultiDict[str, str]) -> None:
    """Refuse what the real Google might let pass. The browser stays here.

    :raises BadRequest: with Google's name for the error.
    """
    here = sandbox()
    client_id, _ = here.config.client("google")
    if not client_id or asked.get("client_id") != client_id:
        raise BadRequest("Error 401: invalid_client. The OAuth client was not found.")
    if asked.get("redirect_uri") not in asking.redirects(db, here, "google"):
        raise BadRequest("Error 400: redirect_uri_mismatch")
    allowed = {"include_granted_scopes", "login_hint"}
    if wrong := asking.what_is_wrong(asked, {"scope", *_OFFLINE}, allowed):
        raise BadRequest(f"Error 400: invalid_request ({wrong})")
    if any(asked[name] != value for name, value in _OFFLINE.items()):
        raise BadRequest("Error 400: access_type=offline and prompt=consent bring refresh tokens")
    if unknown := set(asked["scope"].split()) - set(GOOGLE_SCOPES):
        raise BadRequest(f"Error 400: invalid_scope ({', '.join(sorted(unknown))[:200]})")
