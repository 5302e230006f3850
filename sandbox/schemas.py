"""Checks JSON against the schemas of Google's discovery document and of OpenAPI: the little of
both that calendars need. What a schema does not name is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

Schema = Mapping[str, Any]

_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: type(value) is bool,
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in (int, float),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "any": lambda value: True,
}
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)


class Schemas:
    """Named schemas that refer to each other, by Google's ``Event`` or OpenAPI's ``#/…/Event``."""

    def __init__(self, named: Mapping[str, Schema]) -> None:
        self._named = named

    def resolved(self, schema: Schema) -> Schema:
        """The schema that a reference means; any other as it is."""
        while "$ref" in schema:
            schema = self._named[str(schema["$ref"]).rsplit("/", 1)[-1]]
        return schema

    def wrong(self, value: Any, schema: Schema, where: str = "", *, null: bool = False) -> str:
        """The path of the first value that does not fit; empty if all fit.

        :param null: whether null is taken everywhere, as a patch has it.
        """
        return next(self._wrong(value, schema, where, null), "")

    def _wrong(self, value: Any, schema: Schema, where: str, null: bool) -> Iterator[str]:
        read_only = schema.get("readOnly", False)
        schema = self.resolved(schema)
        if value is None and (null or schema.get("nullable")):
            return
        kind = schema.get("type", "object")
        fits = _TYPES[kind](value) and value in schema.get("enum", [value])
        if read_only or schema.get("readOnly") or not fits or not _in_form(value, schema):
            yield where or "the body"
        elif kind == "object":
            yield from self._members(value, schema, where, null)
        elif kind == "array":
            for index, one in enumerate(value):
                yield from self._wrong(one, schema["items"], f"{where}[{index}]", null)

    def _members(
        self, value: dict[str, Any], schema: Schema, where: str, null: bool
    ) -> Iterator[str]:
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        for name in schema.get("required", ()):
            if name not in value and not null:
                yield _inside(where, name)
        for name, one in value.items():
            member = known.get(name, others)
            if member is None:
                yield _inside(where, name)
            else:
                yield from self._wrong(one, member, _inside(where, name), null)


def _inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _in_form(value: Any, schema: Schema) -> bool:
    form = schema.get("format")
    if form == "date-time":
        return is_date_time(value)
    if form == "date":
        return _parses(date.fromisoformat, value)
    if form == "int32":
        return -(2**31) <= int(value) < 2**31
    return True


def is_date_time(text: str) -> bool:
    """Whether a text is RFC 3339's date and time; the offset may be missing."""
    return bool(_RFC3339.fullmatch(text)) and _parses(datetime.fromisoformat, text)


def _parses(parse: Callable[[str], Any], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True
