"""Holds requests to Google Calendar against Google's own description of it, which ships in the
package ``google-api-python-client``.
"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import googleapiclient
from requests import PreparedRequest

from tests.contracts import VECTORS

_FILE = "discovery_cache/documents/calendar.v3.json"
DOCUMENT: dict[str, Any] = json.loads((Path(googleapiclient.__file__).parent / _FILE).read_text())
SCHEMAS = DOCUMENT["schemas"]
_TYPES = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict}


def check(request: PreparedRequest) -> None:
    """Assert that Google has this method, these parameters and these fields."""
    parts = urlsplit(request.url or "")
    assert f"{parts.scheme}://{parts.netloc}" == "https://www.googleapis.com"
    method = _method(request.method or "", parts.path.removeprefix("/calendar/v3/"))
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        known = method["parameters"] | DOCUMENT["parameters"]
        assert name in known, f"{method['id']} has no parameter {name}"
        _check_text(name, value, known[name])
        if name == "fields":
            _check_mask(value, SCHEMAS[method["response"]["$ref"]])
    if request.body:
        body = json.loads(request.body)
        check_value(method["id"], body, {"$ref": method["request"]["$ref"]})
        assert "attendees" not in body
        if "id" in body:
            assert re.fullmatch(VECTORS["google_event_id"]["regex"], body["id"])


def _method(verb: str, path: str) -> dict[str, Any]:
    for resource in DOCUMENT["resources"].values():
        for method in resource["methods"].values():
            pattern = re.sub(r"\{\w+\}", "[^/]+", method["path"])
            if method["httpMethod"] == verb and re.fullmatch(pattern, path):
                found: dict[str, Any] = method
                return found
    raise AssertionError(f"Google has no {verb} {path}")


def _check_text(name: str, value: str, known: dict[str, Any]) -> None:
    if known["type"] == "integer":
        assert int(known.get("minimum", 0)) <= int(value) <= int(known.get("maximum", 10**9)), name
    if known["type"] == "boolean":
        assert value in ("true", "false"), name
    assert value in known.get("enum", [value]), f"{name}={value}"
    if known.get("format") == "date-time":
        assert datetime.fromisoformat(value).tzinfo is not None, name


def check_value(name: str, value: Any, schema: dict[str, Any]) -> None:
    """Assert that a value is one of this schema, with no field that it does not have."""
    schema = SCHEMAS[schema["$ref"]] if "$ref" in schema else schema
    if value is None:
        return  # patching: take the field away
    assert isinstance(value, _TYPES[schema["type"]]), name
    assert not schema.get("readOnly"), name
    if isinstance(value, dict):
        for key, inner in value.items():
            assert key in schema["properties"], f"{name} has no {key}"
            check_value(f"{name}.{key}", inner, schema["properties"][key])
    if schema.get("format") == "date-time":
        assert datetime.fromisoformat(value).tzinfo is not None, name


def _check_mask(mask: str, schema: dict[str, Any]) -> None:
    for name, inner in _selected(mask):
        assert name in schema["properties"], f"{schema.get('id')} has no {name}"
        if inner:
            below = schema["properties"][name]
            below = below.get("items", below)
            _check_mask(inner, SCHEMAS[below["$ref"]] if "$ref" in below else below)


def _selected(mask: str) -> list[tuple[str, str]]:
    """The names at the top of a field mask, each with the mask of what is below it."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(f"{mask},"):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            name, sign, inner = re.fullmatch(r"(\w+)([/(]?)(.*)", mask[start:at]).groups()  # type: ignore[union-attr]
            found.append((name, inner.removesuffix(")") if sign == "(" else inner))
            start = at + 1
    assert depth == 0, mask
    return found
