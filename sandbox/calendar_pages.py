"""The pages that show people's calendars, and on which they change them by hand."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from sandbox.books import BOOKS
from sandbox.calendar_forms import SHOWS, WrongEntry, read
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.entries import Book, Listed, Shelf
from sandbox.pages import not_found, see_other

bp = Blueprint("calendar_pages", __name__)

_AT = "/<any(google, microsoft, icloud):provider>/calendar"
_FIELDS = ("title", "starts_at", "minutes", "shows", "notes", "place")


@bp.get(_AT)
def show(provider: str) -> str:
    """Everybody's calendars."""
    book = BOOKS[provider]
    return render_template("calendars.html", book=book, shelves=book.shelves(sandbox()))


@bp.get(f"{_AT}/entry")
def edit(provider: str) -> str:
    """The form for a new entry, or to change one."""
    book = BOOKS[provider]
    shelf = _shelf(book, request.args.get("calendar", ""))
    listed = _listed(shelf, request.args.get("entry", ""))
    return _form(book, shelf, listed, [])


@bp.post(f"{_AT}/entry")
def save(provider: str) -> Response | tuple[str, int]:
    """Add an entry, or change one."""
    book, form, now = BOOKS[provider], request.form, utcnow()
    shelf = _shelf(book, form.get("calendar", ""))
    listed = _listed(shelf, form.get("entry", ""))
    given = {name: form[name] for name in _FIELDS if name in form}
    try:
        wanted = {**given, "all_day": bool(form.get("all_day"))}
        entry = read({"starts_at": "", **wanted}, listed.entry if listed else None, shelf.zone)
    except WrongEntry as wrong:
        return _form(book, shelf, listed, wrong.fields), 422
    if listed is None:
        book.add(sandbox(), shelf.key, entry, now)
    else:
        book.change(sandbox(), shelf.key, listed.id, entry, now)
    return see_other(url_for("calendar_pages.show", provider=provider))


@bp.post(f"{_AT}/delete")
def delete(provider: str) -> Response:
    """Take an entry away."""
    book, form = BOOKS[provider], request.form
    shelf = _shelf(book, form.get("calendar", ""))
    if not book.remove(sandbox(), shelf.key, form.get("entry", ""), utcnow()):
        raise not_found("There is no such entry.")
    return see_other(url_for("calendar_pages.show", provider=provider))


@bp.get("/<any(google, microsoft):provider>/meet/<key>")
def join(provider: str, key: str) -> str:
    """Where a Meet or Teams meeting would be."""
    for shelf in BOOKS[provider].shelves(sandbox()):
        for one in shelf.entries:
            if one.link.endswith(f"/{key}"):
                return render_template("join_entry.html", listed=one)
    raise not_found("There is no such meeting.")


def _form(book: Book, shelf: Shelf, listed: Listed | None, wrong: list[str]) -> str:
    return render_template(
        "entry.html",
        book=book,
        shelf=shelf,
        listed=listed,
        wrong=wrong,
        typed=request.form,
        shows=SHOWS,
    )


def _shelf(book: Book, key: str) -> Shelf:
    for shelf in book.shelves(sandbox()):
        if shelf.key == key and shelf.writable:
            return shelf
    raise not_found("There is no such calendar, or it can only be read.")


def _listed(shelf: Shelf, entry_id: str) -> Listed | None:
    if not entry_id:
        return None
    for one in shelf.entries:
        if one.id == entry_id:
            return one
    raise not_found("There is no such entry.")
