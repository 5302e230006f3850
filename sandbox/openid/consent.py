"""The provider's page, on which somebody signs in and says which address it shall name."""

import json
import sqlite3

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from sandbox import asking, people, tokens
from sandbox.clock import utcnow
from sandbox.config import origin
from sandbox.context import Sandbox, sandbox

bp = Blueprint("openid_consent", __name__, url_prefix="/openid")

_SCOPES = {"openid", "email", "profile"}


def redirects(db: sqlite3.Connection, here: Sandbox) -> set[str]:
    """The addresses registered for the app."""
    apps = {origin(one) for one in here.registered(db, "redirects")}
    return {f"{app}/sign-in/with/example/callback" for app in apps}


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
            provider="openid",
            scopes=json.dumps({"scope": asked["scope"], "nonce": asked["nonce"]}),
        )
        everybody = people.everybody(db)
    return render_template(
        "consent_openid.html",
        asking=page,
        people=everybody,
        signed_in=session.get("person", everybody[0]["id"]),
        anew=asked.get("prompt") == "login",
    )


@bp.post("/consent")
def answer() -> Response:
    """Sign in or cancel; either way the browser goes back to the app."""
    now, form = utcnow(), request.form
    with sandbox().store.write() as db:
        asked = asking.take(db, form.get("asking", ""), now, "openid")
        person = people.find(db, form.get("person"))
        issuer = f"{sandbox().config.public_url}/openid"
        given = {"state": asked["state"], "iss": issuer}
        if form.get("answer") != "allow" or person is None:
            denied = asking.with_query(asked["redirect_uri"], {"error": "access_denied", **given})
            return redirect(denied)
        session["person"] = person["id"]
        said = {
            **json.loads(asked["scopes"]),
            "email": form.get("email", "").strip() or person["email"],
            "email_verified": form.get("verified") == "yes",
            "auth_time": int(now.timestamp()),
        }
        code = tokens.new_code(db, asked, person["id"], json.dumps(said), now)
    return redirect(asking.with_query(asked["redirect_uri"], {**given, "code": code}))


def _check(db: sqlite3.Connection, asked: MultiDict[str, str]) -> None:
    """Refuse what many a provider lets pass. The browser stays here.

    :raises BadRequest: with the standard's name for the error.
    """
    here = sandbox()
    client_id, _ = here.config.openid
    if not client_id or asked.get("client_id") != client_id:
        raise BadRequest("invalid_client: there is no such app.")
    if asked.get("redirect_uri") not in redirects(db, here):
        raise BadRequest("invalid_request: redirect_uri is not registered.")
    if wrong := asking.what_is_wrong(asked, {"scope", "nonce"}, {"prompt", "max_age"}):
        raise BadRequest(f"invalid_request: {wrong}")
    if asked.get("prompt", "login") != "login" or asked.get("max_age", "0") != "0":
        raise BadRequest("invalid_request: prompt=login and max_age=0 go together.")
    if "openid" not in asked["scope"].split() or not set(asked["scope"].split()) <= _SCOPES:
        raise BadRequest("invalid_scope")
    if len(asked["nonce"]) < 22 or len(asked["state"]) < 22 or asked["nonce"] == asked["state"]:
        raise BadRequest("invalid_request: state and nonce must be long, and two.")
