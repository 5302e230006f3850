"""Holds requests to Microsoft Graph against the description of its calendars."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest

import sandbox

_FILE = Path(sandbox.__file__).with_name("graph-calendar.json")
DOCUMENT: dict[str, Any] = json.loads(_FILE.read_text())
_TYPES = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict}
#: The same for one of several calendars as for the main one.
_ALSO = {
    r"/me/calendars/[^/]+/calendarView": "/me/calendarView",
    r"/me/calendars/[^/]+/events": "/me/events",
    r"/me/events/[^/]+": "/me/events/{id}",
}
#: What the description leaves out: the calendars themselves, and further fields of an event
#: (https://learn.microsoft.com/graph/api/resources/calendar and .../event).
CALENDAR = {"id", "name", "hexColor", "isDefaultCalendar", "canEdit", "owner"}
FURTHER = {"responseStatus", "originalStartTimeZone"}
DOCUMENT["components"]["schemas"]["EventWrite"]["properties"]["isAllDay"] = {"type": "boolean"}
PREFER = 'IdType="ImmutableId", outlook.timezone="UTC"'


def check(request: PreparedRequest) -> None:
    """Assert that Graph has this path, these parameters and these fields."""
    parts = urlsplit(request.url or "")
    assert f"{parts.scheme}://{parts.netloc}" == "https://graph.microsoft.com"
    path = _path(parts.path.removeprefix("/v1.0"))
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    assert request.headers["Prefer"] == PREFER
    if path == "/me/calendars":
        assert request.method == "GET"
        assert set(query["$select"].split(",")) <= CALENDAR
        return
    known = DOCUMENT["paths"][path][(request.method or "").lower()]
    names = {one["name"] for one in known.get("parameters", []) if one["in"] == "query"}
    assert set(query) <= names | {"$select", "$skip"}
    _check_selected(path, query)
    if request.body:
        body = json.loads(request.body)
        check_value("body", body, _schema(known["requestBody"]))
        assert "attendees" not in body
        assert "transactionId" not in body or request.method == "POST"


def _path(path: str) -> str:
    for pattern, same in _ALSO.items():
        if re.fullmatch(pattern, path):
            return same
    return path


def _check_selected(path: str, query: dict[str, str]) -> None:
    if "$select" not in query:
        return
    answer = _resolved(_schema(DOCUMENT["paths"][path]["get"]["responses"]["200"]))
    if path == "/me/calendarView":
        answer = _resolved(answer["properties"]["value"]["items"])
    known = set(answer["properties"]) | (FURTHER if "isAllDay" in answer["properties"] else set())
    assert set(query["$select"].split(",")) <= known


def _schema(message: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = message["content"]["application/json"]["schema"]
    return found


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "allOf" not in schema:
        return schema
    parts = [_resolved(part) for part in schema["allOf"]]
    together = {name: one for part in parts for name, one in part["properties"].items()}
    return {"type": "object", "properties": together}


def check_value(name: str, value: Any, schema: dict[str, Any]) -> None:
    """Assert that a value is one of this schema, with no field that it does not have."""
    schema = _resolved(schema)
    assert isinstance(value, _TYPES[schema["type"]]), name
    assert value in schema.get("enum", [value]), name
    if isinstance(value, dict):
        assert set(schema.get("required", [])) <= set(value), name
        for key, inner in value.items():
            assert key in schema["properties"], f"{name} has no {key}"
            check_value(f"{name}.{key}", inner, schema["properties"][key])
