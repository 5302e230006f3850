"""Whether a request is one that Google's discovery document describes."""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from flask import request

from sandbox import checks
from sandbox.answers import Refusal
from sandbox.google import fields
from sandbox.google.answers import invalid, refused
from sandbox.schemas import Schemas, is_date_time

_DOCUMENT: dict[str, Any] = json.loads(
    resources.files(__package__).joinpath("discovery.json").read_text(encoding="utf-8")
)
SCHEMAS = Schemas(_DOCUMENT["schemas"])
_METHODS: dict[str, dict[str, Any]] = _DOCUMENT["methods"]
#: What every method takes beside its own.
_COMMON = {"fields", "prettyPrint"}
#: Parameters in the document that the sandbox cannot honour, or that are deprecated.
_NOT_HERE = {"syncToken", "q", "privateExtendedProperty", "sharedExtendedProperty", "updatedMin"}
_NOT_HERE |= {"sendNotifications", "alwaysIncludeEmail", "showHiddenInvitations", "timeZone"}
_NOT_HERE |= {"eventLabelVersion", "eventTypes", "iCalUID", "showOwnOrganizationOnly"}
_NOT_HERE |= {"supportsAttachments"}


def scopes(method: str) -> set[str]:
    """The scopes of which one is enough for a method."""
    return set(_METHODS[method]["scopes"])


def query(method: str) -> dict[str, str]:
    """The request's parameters.

    :raises Refusal: if one is unknown, stands there twice, or has not the documented form.
    """
    asked = request.args
    known = {
        name: one for name, one in _METHODS[method]["parameters"].items() if name not in _NOT_HERE
    }
    for name in asked:
        if name not in known and name not in _COMMON:
            raise invalid(name, "Unknown or unsupported parameter")
        if len(asked.getlist(name)) != 1 or not _fits(asked[name], known.get(name, {})):
            raise invalid(name)
    for name, one in known.items():
        if one.get("required") and one["location"] == "query" and name not in asked:
            raise refused(400, "required", f"Required parameter: {name}", name)
    return asked.to_dict()


def mask(method: str, asked: Mapping[str, str]) -> fields.Mask:
    """What the caller wants to see of the answer; all, if nothing is said.

    :raises Refusal: if the mask names what the answer does not have.
    """
    try:
        found = fields.parse(asked["fields"]) if "fields" in asked else None
        fields.check(found, _METHODS[method]["response"], SCHEMAS)
    except ValueError as wrong:
        raise refused(
            400, "invalidParameter", f"Invalid field selection {wrong}", "fields"
        ) from wrong
    return found


def body(method: str) -> dict[str, Any]:
    """The request's body.

    :raises Refusal: if it is no JSON object as the document has it.
    """
    try:
        found = checks.json_object(request.get_data(), request.mimetype)
    except Refusal as wrong:
        raise refused(400, "parseError", "Parse Error") from wrong
    schema = _METHODS[method]["request"]
    if wrong_at := SCHEMAS.wrong(found, schema, null=method == "events.patch"):
        raise invalid(wrong_at)
    return found


def _fits(text: str, parameter: Mapping[str, Any]) -> bool:
    if "enum" in parameter and text not in parameter["enum"]:
        return False
    if parameter.get("format") == "date-time":
        # The offset is "mandatory" in the parameters' descriptions; elsewhere it is not.
        return is_date_time(text) and (text[-1] in "Zz" or text[-6] in "+-")
    if parameter.get("type") == "boolean":
        return text in ("true", "false")
    if parameter.get("type") == "integer":
        least, most = int(parameter.get("minimum", 0)), int(parameter.get("maximum", 2500))
        return text.isascii() and text.isdigit() and least <= int(text) <= most
    return bool(text)
