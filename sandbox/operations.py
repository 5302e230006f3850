"""Which calls of programs there are, by their paths and methods. Zoom's have bare names."""

import re
from io import BytesIO

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

_MOST_BYTES = 1_000_000
_CALENDAR = r"/google/calendar/v3/calendars/[^/]+/events"
_GRAPH = r"/microsoft/v1\.0/me"
_DAV = {name: f"icloud.{name.lower()}" for name in ("PROPFIND", "REPORT", "GET", "PUT", "DELETE")}

#: Paths with the operation of each method; any other method there is "other".
_PATHS = [
    (re.compile(path), methods)
    for path, methods in (
        (r"/zoom/oauth/token", {"POST": "token"}),
        (r"/zoom/oauth/revoke", {"POST": "revoke"}),
        (r"/zoom/oauth/data/compliance", {"POST": "compliance"}),
        (r"/zoom/v2/users/[^/]+", {"GET": "me"}),
        (r"/zoom/v2/users/[^/]+/meetings", {"GET": "list", "POST": "create"}),
        (r"/zoom/v2/meetings/[^/]+", {"GET": "get", "PATCH": "update", "DELETE": "delete"}),
        (r"/zoom/(v2|oauth/(token|revoke|data))\b.*", {}),
        (r"/google/token", {"POST": "google.token"}),
        (r"/google/revoke", {"POST": "google.revoke"}),
        (r"/google/calendar/v3/users/me/calendarList", {"GET": "google.calendarList.list"}),
        (r"/google/calendar/v3/users/me/calendarList/[^/]+", {"GET": "google.calendarList.get"}),
        (_CALENDAR, {"GET": "google.events.list", "POST": "google.events.insert"}),
        (
            f"{_CALENDAR}/[^/]+",
            {
                "GET": "google.events.get",
                "PATCH": "google.events.patch",
                "DELETE": "google.events.delete",
            },
        ),
        (r"/google/(token|revoke|calendar/v3)\b.*", {}),
        (r"/microsoft/oauth2/v2\.0/token", {"POST": "microsoft.token"}),
        (_GRAPH, {"GET": "microsoft.me"}),
        (f"{_GRAPH}/calendars", {"GET": "microsoft.calendars.list"}),
        (f"{_GRAPH}/calendar", {"GET": "microsoft.calendar.get"}),
        (f"{_GRAPH}/calendars/[^/]+/calendarView", {"GET": "microsoft.calendarView"}),
        (f"{_GRAPH}/calendarView", {"GET": "microsoft.calendarView"}),
        (f"{_GRAPH}(/calendars/[^/]+)?/events", {"POST": "microsoft.events.create"}),
        (
            f"{_GRAPH}(/calendars/[^/]+)?/events/[^/]+",
            {
                "GET": "microsoft.events.get",
                "PATCH": "microsoft.events.update",
                "DELETE": "microsoft.events.delete",
            },
        ),
        (r"/microsoft/(v1\.0|oauth2/v2\.0/token)\b.*", {}),
        (r"/openid/\.well-known/openid-configuration", {"GET": "openid.configuration"}),
        (r"/openid/keys", {"GET": "openid.keys"}),
        (r"/openid/token", {"POST": "openid.token"}),
        (r"/openid/userinfo", {"GET": "openid.userinfo"}),
        (r"/icloud/calendar(/.*)?", None),
        (r"/icloud(-[a-z0-9]+)?/.*|/icloud", _DAV),
    )
]
_TOKENS = ("token", "google.token", "microsoft.token")


def _names() -> list[str]:
    names: list[str] = []
    for _, methods in _PATHS:
        for name in (methods or {}).values():
            halves = [f"{name}.exchange", f"{name}.refresh"] if name in _TOKENS else [name]
            names += halves
    return list(dict.fromkeys(names))


OPERATIONS = tuple(_names())


def operation_of(asked: Request) -> str | None:
    """The operation a request asks for: "other" for a call that BookMe has no business making,
    None for the sandbox's own pages. Keeps the body for those who read it after.
    """
    methods = next((found for path, found in _PATHS if path.fullmatch(asked.path)), None)
    if methods is None:
        return None
    asked.max_content_length = _MOST_BYTES
    try:
        body = asked.get_data()
    except RequestEntityTooLarge:
        body = b""
    asked.environ["wsgi.input"] = BytesIO(body)
    asked.environ["CONTENT_LENGTH"] = str(len(body))
    operation = methods.get(asked.method, "other")
    if operation in _TOKENS:
        refreshes = Request(asked.environ).form.get("grant_type") == "refresh_token"
        asked.environ["wsgi.input"] = BytesIO(body)
        return f"{operation}.{'refresh' if refreshes else 'exchange'}"
    return operation


def provider_of(operation: str) -> str:
    """Whose operation it is."""
    first = operation.split(".", 1)[0]
    return first if first in ("google", "microsoft", "icloud", "openid") else "zoom"
