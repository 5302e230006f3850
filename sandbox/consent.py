"""Zoom's consent page: who asks, for what, and Allow or Decline."""

import sqlite3

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from sandbox import asking, people, tokens
from sandbox.answers import error
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.times import stamp

bp = Blueprint("consent", __name__, url_prefix="/zoom/oauth")


@bp.get("/authorize")
def authorize() -> str:
    """Check the app's request and show the page."""
    with sandbox().store.write() as db:
        asked = request.args
        _check(db, asked)
        page = asking.begin(
            db, asked["redirect_uri"], asked["state"], asked["code_challenge"], utcnow()
        )
        return _page(db, page)


@bp.get("/consent/<page>")
def show(page: str) -> str:
    """The same page for somebody who began in the Marketplace."""
    with sandbox().store.read() as db:
        asking.waiting(db, page, utcnow())
        return _page(db, page)


@bp.post("/consent")
def answer() -> Response:
    """Allow or decline; either way the browser goes back to the app."""
    now = utcnow()
    with sandbox().store.write() as db:
        asked = asking.take(db, request.form.get("asking", ""), now)
        person = people.find(db, request.form.get("person"))
        given = {"state": asked["state"]} if asked["state"] is not None else {}
        back = asked["redirect_uri"]
        if request.form.get("answer") != "allow" or person is None:
            return redirect(asking.with_query(back, {"error": "access_denied", **given}))
        session["person"] = person["id"]
        code = tokens.new_code(db, asked, person["id"], "", now)
        db.execute("UPDATE person SET added_at = ? WHERE id = ?", (stamp(now), person["id"]))
        return redirect(asking.with_query(back, {"code": code, **given}))


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
    if wrong := asking.what_is_wrong(asked, ()):  # "scope" above all is not wanted
        raise error("authorize_bad_redirect", errorMessage=f"Invalid request: {wrong}")


def _page(db: sqlite3.Connection, page: str) -> str:
    everybody = people.everybody(db)
    signed_in = session.get("person", everybody[0]["id"])
    return render_template("consent.html", asking=page, people=everybody, signed_in=signed_in)
