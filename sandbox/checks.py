"""Whether a request's values are what Zoom documents, and not a bit more."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sandbox.answers import error

Check = Callable[[Any], bool]

_START = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", re.ASCII)
#: Asking for them walks through the machine's files.
_ZONES = frozenset(available_timezones())
_PASSCODE = re.compile(r"[A-Za-z0-9@_*-]{0,10}")


def flag(value: Any) -> bool:
    return type(value) is bool


def text(longest: int, shortest: int = 0) -> Check:
    return lambda value: isinstance(value, str) and shortest <= len(value) <= longest


def whole(least: int, most: int) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def one_of(*allowed: Any) -> Check:
    return lambda value: any(type(value) is type(one) and value == one for one in allowed)


def start_time(value: Any) -> bool:
    if not isinstance(value, str) or not _START.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def zone(value: Any) -> bool:
    return isinstance(value, str) and value in _ZONES


def passcode(value: Any) -> bool:
    return isinstance(value, str) and bool(_PASSCODE.fullmatch(value))


SETTINGS: dict[str, Check] = {
    "host_video": flag,
    "participant_video": flag,
    "join_before_host": flag,
    "jbh_time": one_of(0, 5, 10, 15),
    "waiting_room": flag,
    "meeting_authentication": flag,
    "mute_upon_entry": flag,
    "use_pmi": one_of(False),  # Zoom takes true too; BookMe's meetings are never in a personal room
    "approval_type": one_of(0, 1, 2),
    "audio": one_of("both", "telephony", "voip", "thirdParty"),
    "auto_recording": one_of("local", "cloud", "none"),
    "email_notification": flag,
    "private_meeting": flag,
    "alternative_hosts": text(1000),
    "registrants_confirmation_email": flag,
    "registrants_email_notification": flag,
}

MEETING: dict[str, Check] = {
    "topic": text(200, shortest=1),
    "type": one_of(2),
    "start_time": start_time,
    "duration": whole(1, 1440),
    "timezone": zone,
    "agenda": text(2000),
    "password": passcode,
    "default_password": flag,
    "settings": lambda value: isinstance(value, dict),
}


def wrong_fields(body: Mapping[str, Any], required: Collection[str] = ()) -> list[str]:
    """The names of a meeting's fields that are unknown, of a wrong type, too long or missing."""
    wrong = _wrong(body, MEETING, "")
    settings = body.get("settings")
    if isinstance(settings, dict):
        wrong += _wrong(settings, SETTINGS, "settings.")
    if "password" in body and "default_password" in body:
        wrong.append("default_password")
    return sorted({*wrong, *(set(required) - set(body))})


def start_at(value: str, zone_name: str) -> datetime:
    """The instant of a start time that :func:`start_time` has passed.

    :param zone_name: where the time is a local one, for lack of a ``Z``.
    """
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone_name))
    return moment.astimezone(UTC)


def json_object(raw: bytes, mimetype: str) -> dict[str, Any]:
    """A request's body.

    :raises ZoomError: if it is no JSON object in UTF-8, or says a name twice.
    """
    if mimetype != "application/json":
        raise error("api_bad_json", message="Unsupported Content Type")
    try:
        body = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except ValueError as wrong:
        raise error("api_bad_json") from wrong
    if not isinstance(body, dict):
        raise error("api_bad_json")
    return body


def _wrong(body: Mapping[str, Any], checks: Mapping[str, Check], before: str) -> list[str]:
    return [
        f"{before}{name}"
        for name, value in body.items()
        if name not in checks or not checks[name](value)
    ]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a name stands twice")
    return body


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
