"""The mailbox's pages: everything that BookMe has sent, to whomever."""

import re
import secrets
import sqlite3

from flask import Blueprint, Response, jsonify, render_template, request
from markupsafe import Markup, escape

from sandbox.context import sandbox
from sandbox.mail import messages
from sandbox.mail.html import restyled
from sandbox.pages import not_found

bp = Blueprint("mailbox", __name__)

_A_PAGE = 50
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


@bp.get("/mail")
def inbox() -> str:
    """The newest messages, all or one recipient's."""
    to, before = request.args.get("to", "").strip(), request.args.get("before", type=int)
    with sandbox().store.read() as db:
        rows = messages.newest(db, to=to, before=before, limit=_A_PAGE + 1)
    more = rows[_A_PAGE - 1]["id"] if len(rows) > _A_PAGE else None
    return render_template("inbox.html", rows=rows[:_A_PAGE], to=to, more=more)


@bp.get("/mail.json")
def as_json() -> Response:
    """The same for tests: ``messages`` that were taken and those ``refused``, newest first.

    Query: ``to``, a part of a recipient's address.
    """
    with sandbox().store.read() as db:
        rows = messages.newest(db, to=request.args.get("to", ""))
    read = [messages.as_json(row, row["copies"]) for row in rows]
    taken = [one for one in read if one["refusal"] is None]
    return jsonify(messages=taken, refused=[one for one in read if one["refusal"] is not None])


@bp.get("/mail/<int:mail_id>")
def show(mail_id: int) -> str:
    """One message."""
    row = _row(mail_id)
    message = messages.parsed(row["raw"])
    return render_template(
        "mail.html",
        mail=row,
        headers=[(name, str(value)) for name, value in message.items()],
        body=messages.body(message),
    )


@bp.get("/mail/<int:mail_id>/html")
def html(mail_id: int) -> Response:
    """Its HTML part, for the frame in the message's page: no scripts, nothing fetched."""
    nonce = secrets.token_urlsafe(16)
    content = messages.body(messages.parsed(_row(mail_id)["raw"])).html
    response = Response(restyled(content, nonce), mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'self';"
        " sandbox allow-popups allow-top-navigation-by-user-activation"
    )
    return response


@bp.get("/mail/<int:mail_id>/attachments/<int:number>")
def attachment(mail_id: int, number: int) -> Response:
    """One attachment, to be saved or opened by a calendar."""
    attached = messages.body(messages.parsed(_row(mail_id)["raw"])).attachments
    if number >= len(attached):
        raise not_found("There is no such attachment.")
    found = attached[number]
    response = Response(found.content, mimetype="application/octet-stream")
    response.headers["Content-Type"] = " ".join(found.content_type.split())
    response.headers.set("Content-Disposition", "attachment", filename=found.filename)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.get("/mail/<int:mail_id>/raw")
def raw(mail_id: int) -> Response:
    """The message as it came."""
    return Response(_row(mail_id)["raw"], mimetype="text/plain")


def with_links(text: str) -> Markup:
    """Plain text whose addresses can be clicked."""
    out, last = Markup(""), 0
    for found in _LINK.finditer(text):
        link = escape(found[0])
        out += escape(text[last : found.start()]) + Markup(f'<a href="{link}">{link}</a>')
        last = found.end()
    return out + escape(text[last:])


def _row(mail_id: int) -> sqlite3.Row:
    with sandbox().store.read() as db:
        row = messages.find(db, mail_id)
    if row is None:
        raise not_found("There is no such message.")
    return row
