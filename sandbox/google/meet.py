"""Google Meet: made when an event asks for it, and ready a little later."""

import secrets
import sqlite3
import string
from typing import Any

from sandbox import calendars
from sandbox.google.answers import invalid
from sandbox.settings import setting

_LETTERS = string.ascii_lowercase


def wish(body: dict[str, Any]) -> dict[str, Any] | None:
    """The ``createRequest`` of an event's body; None if it asks for no meeting.

    :raises Refusal: if it asks for anything but a new Meet: to copy one event's meeting to another
        is what Google warns of.
    """
    data = body.get("conferenceData")
    if data is None:
        return None
    asked = data.get("createRequest")
    if set(data) != {"createRequest"} or not isinstance(asked, dict):
        raise invalid("conferenceData")
    if not asked.get("requestId") or set(asked) != {"requestId", "conferenceSolutionKey"}:
        raise invalid("conferenceData.createRequest")
    if asked["conferenceSolutionKey"] != {"type": "hangoutsMeet"}:
        raise invalid("conferenceData.createRequest.conferenceSolutionKey")
    return dict(asked)


def is_new(db: sqlite3.Connection, event: int, asked: dict[str, Any]) -> bool:
    """Whether an event's request has another id than those before, which Google ignores."""
    noted = db.execute(
        "INSERT INTO meet_request VALUES (?, ?) ON CONFLICT DO NOTHING", (event, asked["requestId"])
    )
    return noted.rowcount == 1


def new_code() -> str:
    """What a Meet link ends with."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(n)) for n in (3, 4, 3))


def link(code: str, public_url: str) -> str:
    """The way into a meeting; at Google it would be ``https://meet.google.com/…``."""
    return f"{public_url}/google/meet/{code}"


def shown(
    db: sqlite3.Connection, row: sqlite3.Row, asked: dict[str, Any], public_url: str, *, count: bool
) -> dict[str, Any]:
    """What an answer says of an event's meeting.

    :param count: whether this answer brings the meeting nearer to being ready.
    """
    before = calendars.shown(db, row) if count else row["link_answers"]
    ready = before >= setting(db, "meet_pending_answers")
    status = "pending" if not ready else "failure" if setting(db, "meet_fails") else "success"
    data: dict[str, Any] = {"createRequest": {**asked, "status": {"statusCode": status}}}
    if status != "success":
        return {"conferenceData": data}
    address = link(row["link_key"], public_url)
    label = address.split("://", 1)[1]
    data["entryPoints"] = [{"entryPointType": "video", "uri": address, "label": label}]
    data["conferenceSolution"] = {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"}
    data["conferenceId"] = row["link_key"]
    return {"hangoutLink": address, "conferenceData": data}
