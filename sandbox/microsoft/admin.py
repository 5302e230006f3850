"""Where an administrator lets a whole organization use the app:
https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
"""

import sqlite3

from flask import Blueprint, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from sandbox import asking
from sandbox.context import sandbox
from sandbox.microsoft.consent import WORDS
from sandbox.settings import MICROSOFT_SCOPES

bp = Blueprint("microsoft_admin", __name__, url_prefix="/microsoft/v2.0")

_REQUIRED = {"client_id", "scope", "redirect_uri"}
_TENANT = "3d1c0d3e-0000-4000-8000-000000000001"


@bp.get("/adminconsent")
def ask() -> str:
    """Check the app's request and show the page."""
    asked = request.args
    with sandbox().store.write() as db:
        _check(db, asked)
    words = [WORDS[scope] for scope in asked["scope"].split() if scope in WORDS]
    return render_template("consent_admin.html", words=words, asked=asked)


@bp.post("/adminconsent")
def answer() -> Response:
    """Accept or not; either way the browser goes back to the app."""
    form = request.form
    asked = MultiDict([(name, form[name]) for name in _REQUIRED if name in form])
    with sandbox().store.write() as db:
        _check(db, asked)
    if form.get("answer") == "allow":
        given = {"admin_consent": "True", "tenant": _TENANT, "scope": asked["scope"]}
    else:
        words = "AADSTS65004: User declined to consent to access the app."
        given = {"error": "access_denied", "error_description": words, "admin_consent": "True"}
    return redirect(asking.with_query(asked["redirect_uri"], given))


def _check(db: sqlite3.Connection, asked: MultiDict[str, str]) -> None:
    """:raises BadRequest: with Microsoft's number for the error."""
    here = sandbox()
    if set(asked) - {"state"} != _REQUIRED or any(len(asked.getlist(n)) != 1 for n in _REQUIRED):
        raise BadRequest("AADSTS900144: client_id, scope and redirect_uri, each once")
    if asked["client_id"] != here.config.client("microsoft")[0]:
        raise BadRequest("AADSTS700016: Application was not found in the directory.")
    if asked["redirect_uri"] not in asking.redirects(db, here, "microsoft"):
        raise BadRequest("AADSTS50011: The redirect URI does not match those configured.")
    if unknown := set(asked["scope"].split()) - set(MICROSOFT_SCOPES):
        raise BadRequest(f"AADSTS70011: invalid scope {', '.join(sorted(unknown))[:200]}")
