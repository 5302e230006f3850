"""Zoom's meetings as JSON: what it is sent, and what it answers."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from bookme.providers.http.answers import plain_text
from bookme.providers.reference import marked, reference_in
from bookme.providers.video import Meeting, MeetingRequest
from bookme.typed import cut, line

_LONGEST_TOPIC = 200
_LONGEST_AGENDA = 2000
#: Zoom tells creation times in whole seconds, by its own clock.
_CLOCKS_DIFFER = timedelta(minutes=1)


def body(wanted: MeetingRequest) -> dict[str, Any]:
    """What Zoom is asked for; what is left to the host's own settings is not named."""
    settings = {
        "use_pmi": False,
        "waiting_room": wanted.options.get("waiting_room"),
        "join_before_host": wanted.options.get("join_before_host"),
    }
    wish: dict[str, Any] = {
        "type": 2,
        "topic": _topic(wanted),
        "agenda": cut(wanted.marked_agenda, _LONGEST_AGENDA),
        "start_time": f"{wanted.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "duration": wanted.duration_minutes,
        "timezone": wanted.zone,
        "settings": {name: value for name, value in settings.items() if value is not None},
    }
    passcode = wanted.options.get("passcode")
    if passcode:
        # Zoom's own choice of a passcode is the only one sure to obey the account's rules.
        wish["default_password"] = True
    elif passcode is not None:
        wish["password"] = ""
    return wish


def mark(agenda: str, reference: str) -> dict[str, Any]:
    """What puts a booking's reference before what an agenda says."""
    return {"agenda": cut(marked(agenda, reference), _LONGEST_AGENDA)}


def changes(wish: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """What of one body is not in another; settings one by one, the rest whole."""
    changed = {name: value for name, value in wish.items() if before.get(name) != value}
    if "settings" in changed and "settings" in before:
        changed["settings"] = changes(wish["settings"], before["settings"])
        if not changed["settings"]:
            del changed["settings"]
    return changed


def _topic(wanted: MeetingRequest) -> str:
    return cut(line(wanted.topic), _LONGEST_TOPIC)


def meeting(body: dict[str, Any], *, listed: bool = False) -> Meeting:
    """Read a meeting. ``start_url`` is not read: it lets whoever has it in as the host.

    :raises ValueError: or another of those that
        :func:`~bookme.providers.http.answers.reading` takes, if the body has no meeting in it.
    """
    join_url = plain_text(body, "join_url", most=2000) or ""
    if not join_url.startswith(("https://", "http://")) and not (listed and join_url == ""):
        raise ValueError("join_url")
    return Meeting(
        id=_id(body["id"]),
        join_url=join_url,
        passcode=plain_text(body, "password", most=64),
        topic=plain_text(body, "topic") or "",
        starts_at=_instant(body.get("start_time")),
        created_at=_instant(body.get("created_at")),
        agenda=plain_text(body, "agenda") or "",
    )


def _id(value: Any) -> str:
    # A number in answers, sometimes a string in events; too long for a JavaScript number.
    if not isinstance(value, (int, str)) or not re.fullmatch("[0-9]{1,32}", str(value)):
        raise ValueError("id")
    return str(value)


def _instant(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def reference(entry: dict[str, Any]) -> str | None:
    """The booking that a listed meeting was made for, if BookMe made it."""
    agenda = entry.get("agenda")
    return reference_in(agenda) if isinstance(agenda, str) else None


def is_alike(entry: dict[str, Any], wanted: MeetingRequest, attempted_at: datetime) -> bool:
    """Whether a listed meeting of nobody's could be the outcome of an attempt to create."""
    made_at = _instant(entry.get("created_at"))
    return (
        reference(entry) is None
        and entry.get("topic") == _topic(wanted)
        and _instant(entry.get("start_time")) == wanted.starts_at.replace(microsecond=0)
        and made_at is not None
        and made_at >= attempted_at - _CLOCKS_DIFFER
    )


def blames(body: dict[str, Any], field: str) -> bool:
    """Whether a validation error names a field."""
    errors = body.get("errors")
    return isinstance(errors, list) and any(
        isinstance(error, dict) and error.get("field") == field for error in errors
    )
