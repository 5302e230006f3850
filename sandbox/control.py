"""The control API: what tests and the demo do to the outside world. JSON in, JSON out.

It knows no session; a page of another site cannot call it, because it takes nothing but
``application/json``, which browsers do not send elsewhere without being allowed to.
"""

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from sandbox import books, checks, faults, people, settings, store, tokens
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.inputs import checked, json_body, named_person, only_json
from sandbox.operations import OPERATIONS
from sandbox.settings import setting
from sandbox.state import state
from sandbox.zoom import meetings

bp = Blueprint("control", __name__, url_prefix="/control")
bp.before_request(only_json)

_STATUSES = ("waiting", "started", "ended")


@bp.errorhandler(HTTPException)
def refused(error: HTTPException) -> tuple[Response, int]:
    """Say what is wrong in JSON."""
    return jsonify(error=error.description), error.code or 500


@bp.get("/state")
def show() -> Response:
    """Everything, or the parts that ``?only=meetings,calls`` names."""
    only = set(filter(None, request.args.get("only", "").split(",")))
    with sandbox().store.read() as db:
        return jsonify(state(db, sandbox(), only))


@bp.post("/reset")
def reset() -> Response:
    """Forget everything, as on the first day."""
    with sandbox().store.write() as db:
        store.clear(db)
        people.add_missing(db)
        books.add_missing(db, utcnow())
    sandbox().throttle.forget()
    sandbox().cloud.forget()
    sandbox().apply_mail_mode("up")
    return jsonify(done=True)


@bp.post("/settings")
def change_settings() -> Response:
    """Change some settings, see settings.py."""
    with sandbox().store.write() as db:
        checked(settings.change, db, json_body())
        mode = setting(db, "mail")
        now_set = settings.all_settings(db)
    sandbox().apply_mail_mode(mode)
    return jsonify(now_set)


@bp.post("/faults")
def add_faults() -> Response:
    """Add a rule or several, see faults.py."""
    rules = json_body(list)
    with sandbox().store.write() as db:
        added = [checked(faults.add, db, rule) for rule in rules]
    return jsonify(ids=added)


@bp.get("/faults")
def list_faults() -> Response:
    """The rules with what has become of them, and what there could be."""
    with sandbox().store.read() as db:
        return jsonify(faults=faults.listed(db), operations=OPERATIONS, kinds=list(faults.KINDS))


@bp.post("/faults/clear")
def clear_faults() -> Response:
    """No more faults."""
    with sandbox().store.write() as db:
        faults.clear(db)
    return jsonify(done=True)


@bp.post("/tokens/expire")
def expire() -> Response:
    """Let access tokens run out now, of one ``user`` or of all."""
    with sandbox().store.write() as db:
        person_id = named_person(db)["id"] if "user" in json_body() else None
        return jsonify(expired=tokens.expire_access(db, person_id, utcnow()))


@bp.post("/grants/kill")
def kill() -> Response:
    """End a ``user``'s grants without telling anybody: Zoom's, or those of a ``provider``."""
    provider = _provider()
    with sandbox().store.write() as db:
        killed = tokens.kill_grants(db, named_person(db)["id"], "killed", utcnow(), provider)
    return jsonify(killed=killed)


@bp.post("/grants/scopes")
def change_scopes() -> Response:
    """Give a ``user``'s living grants other ``scopes``: at Zoom, or at a ``provider``."""
    scopes, provider = json_body().get("scopes"), _provider()
    known = settings.SCOPES_OF[provider]
    if not isinstance(scopes, list) or not set(map(str, scopes)) <= set(known):
        raise BadRequest(f"scopes is a list of {', '.join(known)}")
    with sandbox().store.write() as db:
        db.execute(
            "UPDATE app_grant SET scopes = ?"
            " WHERE person_id = ? AND provider = ? AND dead_at IS NULL",
            (" ".join(scopes), named_person(db)["id"], provider),
        )
    return jsonify(done=True)


def _provider() -> str:
    provider = json_body().get("provider", "zoom")
    if provider not in settings.SCOPES_OF:
        raise BadRequest(f"provider is one of {', '.join(settings.SCOPES_OF)}")
    return str(provider)


@bp.post("/people")
def change_person() -> Response:
    """Change a ``user``'s ``type``, ``status`` or ``email``."""
    changes = {key: value for key, value in json_body().items() if key != "user"}
    if not changes or not set(changes) <= {"type", "status", "email"}:
        raise BadRequest("change type, status or email")
    with sandbox().store.write() as db:
        person = named_person(db)
        for column, value in changes.items():
            db.execute(f"UPDATE person SET {column} = ? WHERE id = ?", (value, person["id"]))
    return jsonify(done=True)


@bp.post("/meetings/<int:meeting_id>")
def change_meeting(meeting_id: int) -> Response:
    """Change a meeting as its host would at Zoom, or its ``status``; ``{"delete": true}``."""
    body, now = json_body(), utcnow()
    status = body.pop("status", "waiting")
    removed = body.pop("delete", False)
    wrong = checks.wrong_fields(body)
    if wrong or status not in _STATUSES:
        raise BadRequest(f"wrong: {', '.join(wrong or ['status'])}")
    with sandbox().store.write() as db:
        row = meetings.find(db, meeting_id, now)
        if row is None:
            raise NotFound("no such meeting")
        if body:
            meetings.change(db, row, body, now)
        db.execute("UPDATE meeting SET status = ? WHERE id = ?", (status, meeting_id))
        if removed:
            meetings.delete(db, meeting_id, "user", now)
    return jsonify(done=True)
