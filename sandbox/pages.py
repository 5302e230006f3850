"""The sandbox's front page, Zoom's meetings, and what the pages share."""

import sqlite3
from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response

from sandbox import checks, people
from sandbox.books import BOOKS
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.times import instant
from sandbox.zoom import meetings

bp = Blueprint("pages", __name__)


def see_other(address: str) -> Response:
    """Lead on after a form."""
    return redirect(address, 303)


def not_found(words: str) -> NotFound:
    """The error page that says what is not there."""
    return NotFound(words)


def error_page(error: HTTPException) -> tuple[str, int]:
    """What went wrong, in the site's own look."""
    return render_template("error.html", error=error), error.code or 500


def minute(value: datetime | str) -> str:
    """An instant as the pages show it."""
    moment = instant(value) if isinstance(value, str) else value
    return f"{moment:%a %d %b %Y, %H:%M} UTC"


@bp.get("/")
def index() -> str:
    """What there is, with numbers."""
    with sandbox().store.read() as db:
        counts = {
            "meetings": "SELECT count(*) FROM meeting WHERE deleted_at IS NULL",
            "messages": "SELECT count(*) FROM mail WHERE refusal IS NULL",
            "added": "SELECT count(*) FROM person WHERE added_at IS NOT NULL",
            "calls": "SELECT count(*) FROM call",
            "faults": "SELECT count(*) FROM fault WHERE coalesce(remaining, 1) > 0",
        }
        numbers = {name: db.execute(query).fetchone()[0] for name, query in counts.items()}
    return render_template("index.html", numbers=numbers, books=BOOKS.values())


@bp.get("/healthz")
def healthz() -> dict[str, str]:
    """That the process lives."""
    return {"status": "ok"}


@bp.get("/zoom/meetings")
def list_meetings() -> str:
    """Each person's meetings."""
    with sandbox().store.read() as db:
        everybody = people.everybody(db)
        rows = db.execute("SELECT * FROM meeting ORDER BY start_at, id").fetchall()
    living = {
        person["id"]: [r for r in rows if r["person_id"] == person["id"] and not r["deleted_at"]]
        for person in everybody
    }
    gone = [row for row in rows if row["deleted_at"]]
    return render_template("meetings.html", people=everybody, living=living, gone=gone[-50:])


@bp.get("/zoom/meetings/<int:meeting_id>")
def edit(meeting_id: int) -> str:
    """The form to change a meeting with, as its host would at Zoom."""
    with sandbox().store.read() as db:
        return render_template("meeting.html", meeting=_living(db, meeting_id), wrong=[])


@bp.post("/zoom/meetings/<int:meeting_id>")
def save(meeting_id: int) -> Response | tuple[str, int]:
    """Change it."""
    form = request.form
    body = {
        "topic": form.get("topic", ""),
        "start_time": f"{form.get('start_time', '').replace(' ', 'T')[:16]}:00Z",
        "duration": int(d) if (d := form.get("duration", "")).isascii() and d.isdigit() else 0,
        "agenda": form.get("agenda", "").replace("\r\n", "\n"),
    }
    with sandbox().store.write() as db:
        row = _living(db, meeting_id)
        if wrong := checks.wrong_fields(body):
            return render_template("meeting.html", meeting=row, wrong=wrong, typed=form), 422
        meetings.change(db, row, body, utcnow())
    return see_other(url_for("pages.list_meetings"))


@bp.post("/zoom/meetings/<int:meeting_id>/delete")
def delete(meeting_id: int) -> Response:
    """Take a meeting away, as its host would at Zoom."""
    with sandbox().store.write() as db:
        meetings.delete(db, _living(db, meeting_id)["id"], "user", utcnow())
    return see_other(url_for("pages.list_meetings"))


@bp.get("/zoom/j/<int:meeting_id>")
def join(meeting_id: int) -> str:
    """Where the meeting would be."""
    with sandbox().store.read() as db:
        row = _living(db, meeting_id)
    right = not row["pwd"] or request.args.get("pwd") == f"{row['pwd']}.1"
    return render_template("join.html", meeting=row, right=right)


@bp.get("/zoom/s/<int:meeting_id>")
def start(meeting_id: int) -> str:
    """The same for its host."""
    with sandbox().store.read() as db:
        return render_template("join.html", meeting=_living(db, meeting_id), right=True)


def _living(db: sqlite3.Connection, meeting_id: int) -> sqlite3.Row:
    row = meetings.find(db, meeting_id, utcnow())
    if row is None:
        abort(404, "There is no such meeting, or it has been deleted.")
    return row
