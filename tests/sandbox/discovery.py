"""Cuts the part that BookMe uses out of Google's discovery document.

``python -m tests.sandbox.discovery`` writes it anew, from the package google-api-python-client.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import googleapiclient

CUT = Path(__file__).parents[2] / "sandbox" / "google" / "discovery.json"
_WHOLE = Path(googleapiclient.__file__).parent / "discovery_cache/documents/calendar.v3.json"
_METHODS = {
    "calendarList": ("get", "list"),
    "events": ("delete", "get", "insert", "list", "patch"),
}
_ABOUT = (
    "Part of the discovery document of Google Calendar API v3, as shipped in the Python package"
    " google-api-python-client (Copyright Google LLC, Apache License 2.0). Changed: methods and"
    " schemas left out, descriptions dropped, readOnly added where a description says Read-only."
)


def cut() -> dict[str, Any]:
    """The methods with their parameters, and every schema that they lead to."""
    whole = json.loads(_WHOLE.read_text(encoding="utf-8"))
    methods = {
        f"{resource}.{name}": whole["resources"][resource]["methods"][name]
        for resource, names in _METHODS.items()
        for name in names
    }
    schemas: dict[str, Any] = {}
    todo = list(_references(methods))
    while todo:
        name = todo.pop()
        if name not in schemas:
            schemas[name] = whole["schemas"][name]
            todo += _references(schemas[name])
    return {
        "about": _ABOUT,
        "revision": whole["revision"],
        "methods": _plain(methods),
        "schemas": {name: _plain(schemas[name]) for name in sorted(schemas)},
    }


def as_text(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def _references(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        if isinstance(found.get("$ref"), str):
            yield found["$ref"]
        for value in found.values():
            yield from _references(value)
    elif isinstance(found, list):
        for value in found:
            yield from _references(value)


def _plain(found: Any) -> Any:
    if not isinstance(found, dict):
        return found
    words = found.get("description")
    plain = {
        name: _plain(value)
        for name, value in found.items()
        if name not in ("description", "enumDescriptions") or isinstance(value, dict)
    }
    if isinstance(words, str) and "Read-only" in words and "$ref" not in found:
        plain["readOnly"] = True
    return plain


if __name__ == "__main__":
    CUT.write_text(as_text(cut()), encoding="utf-8")
    sys.exit(0)
