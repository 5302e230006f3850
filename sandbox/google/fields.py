"""Google's partial answers: ``fields=nextPageToken,items(id,start/dateTime)``."""

import re
from typing import Any

from sandbox.schemas import Schema, Schemas

#: The names that are wanted with what is wanted of each; None means all.
Mask = dict[str, "Mask"] | None

_TOKEN = re.compile(r"[A-Za-z0-9_*]+|[,()/]")


def parse(text: str) -> Mask:
    """Read a mask.

    :raises ValueError: if it is none.
    """
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text or not text:
        raise ValueError(text[:100])
    found = _list(tokens)
    if tokens:
        raise ValueError(tokens[0])
    return found


def check(mask: Mask, schema: Schema, schemas: Schemas) -> None:
    """Refuse names that an answer does not have.

    :raises ValueError: naming the first of them.
    """
    schema = schemas.resolved(schema)
    if mask is None:
        return
    if schema.get("type") == "array":
        check(mask, schema["items"], schemas)
        return
    for name, part in mask.items():
        member = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
        if member is None and name != "*":
            raise ValueError(name)
        check(part, member or {}, schemas)


def cut(value: Any, mask: Mask) -> Any:
    """What the mask leaves of a value."""
    if mask is None or "*" in mask:
        return value
    if isinstance(value, list):
        return [cut(one, mask) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: cut(one, mask[name]) for name, one in value.items() if name in mask}


def _list(tokens: list[str]) -> dict[str, Mask]:
    found: dict[str, Mask] = {}
    while True:
        name, part = _one(tokens)
        found[name] = part
        if not tokens or tokens[0] != ",":
            return found
        tokens.pop(0)


def _one(tokens: list[str]) -> tuple[str, Mask]:
    if not tokens or tokens[0] in (",", "(", ")", "/"):
        raise ValueError("empty")
    name = tokens.pop(0)
    if tokens and tokens[0] == "/":
        tokens.pop(0)
        inner, part = _one(tokens)
        return name, {inner: part}
    if tokens and tokens[0] == "(":
        tokens.pop(0)
        inside = _list(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise ValueError(name)
        return name, inside
    return name, None
