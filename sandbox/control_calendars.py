"""The control API's part for calendars: what their owners do by hand."""

from typing import Any

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from sandbox import calendar_forms, control
from sandbox.books import BOOKS
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.entries import Book, Listed, Shelf
from sandbox.icloud import accounts as apple_accounts
from sandbox.inputs import checked, json_body, named_person, only_json
from sandbox.microsoft import accounts

bp = Blueprint("control_calendars", __name__, url_prefix="/control/calendars")
bp.before_request(only_json)
bp.register_error_handler(HTTPException, control.refused)

_AT = "/<any(google, microsoft, icloud):provider>"


@bp.post(f"{_AT}/add")
def add(provider: str) -> Response:
    """Add an entry to a ``user``'s main ``calendar``, or to the one of that name."""
    book, given = BOOKS[provider], json_body()
    shelf = _shelf(book, given)
    entry = checked(calendar_forms.read, _entry(given), None, shelf.zone)
    return jsonify(id=book.add(sandbox(), shelf.key, entry, utcnow()))


@bp.post(f"{_AT}/change")
def change(provider: str) -> Response:
    """Change an ``entry``, named by its id: only what is given."""
    book, given = BOOKS[provider], json_body()
    shelf, listed = _found(book, given)
    entry = checked(calendar_forms.read, _entry(given), listed.entry)
    book.change(sandbox(), shelf.key, listed.id, entry, utcnow())
    return jsonify(done=True)


@bp.post(f"{_AT}/remove")
def remove(provider: str) -> Response:
    """Delete an ``entry``, named by its id."""
    book = BOOKS[provider]
    shelf, listed = _found(book, json_body())
    book.remove(sandbox(), shelf.key, listed.id, utcnow())
    return jsonify(done=True)


@bp.post(f"{_AT}/drop")
def drop(provider: str) -> Response:
    """Remove a ``user``'s whole ``calendar``, by its name; without one, the main one."""
    book = BOOKS[provider]
    book.drop(sandbox(), _shelf(book, json_body()).key, utcnow())
    return jsonify(done=True)


@bp.post("/microsoft/accounts")
def change_account() -> Response:
    """Make a ``user``'s account one of another ``kind``, see microsoft/accounts.py."""
    with sandbox().store.write() as db:
        checked(accounts.change, db, named_person(db)["id"], json_body().get("kind"))
    return jsonify(done=True)


@bp.post("/icloud/passwords")
def change_password() -> Response:
    """Make a ``user`` a new app-specific password; ``{"revoke": true}`` only ends the old one."""
    with sandbox().store.write() as db:
        person_id = named_person(db)["id"]
        if json_body().get("revoke"):
            apple_accounts.revoke(db, person_id)
            return jsonify(password=None)
        return jsonify(password=apple_accounts.renew(db, person_id))


def _entry(given: dict[str, Any]) -> dict[str, Any]:
    known = {"title", "starts_at", "minutes", "all_day", "shows", "notes", "place"}
    if unknown := set(given) - known - {"user", "calendar", "entry"}:
        raise BadRequest(f"unknown: {', '.join(sorted(unknown))}")
    return {name: value for name, value in given.items() if name in known}


def _shelf(book: Book, given: dict[str, Any]) -> Shelf:
    name = given.get("calendar")
    for shelf in book.shelves(sandbox()):
        if shelf.user == given.get("user") and (shelf.name == name or (shelf.main and not name)):
            return shelf
    raise NotFound("user and calendar name none")


def _found(book: Book, given: dict[str, Any]) -> tuple[Shelf, Listed]:
    for shelf in book.shelves(sandbox()):
        for one in shelf.entries:
            if one.id == given.get("entry"):
                return shelf, one
    raise NotFound("no such entry")
