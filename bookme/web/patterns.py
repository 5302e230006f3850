"""Addresses of pages whose values are plain: made by filling in the one that was made for the same
page before. Werkzeug looks for the rule and quotes each value every time.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

#: What is the same in a path and in a query, quoted or not.
_is_plain = re.compile(r"[A-Za-z0-9_~-]+").fullmatch
#: Stands for a value; no address has such a thing.
_MARK = "mark-of-a-value-{}-"
#: So many are remembered, several times as many as there are; a proxy may name any root.
_MOST = 1000

Build = Callable[[str, Mapping[str, Any]], str]
Known = dict[tuple[str, ...], str]


def address(known: Known, build: Build, root: str, endpoint: str, values: Mapping[str, Any]) -> str:
    """The address of a page, as :param build: makes it.

    :param known: the patterns so far.
    """
    for value in values.values():
        if type(value) is not str or not _is_plain(value):
            return build(endpoint, values)
    key = (root, endpoint, *values)
    pattern = known.get(key)
    if pattern is None:
        if len(known) > _MOST:
            known.clear()
        pattern = known[key] = _pattern(build, endpoint, values)
    return pattern.format(*values.values()) if pattern else build(endpoint, values)


def _pattern(build: Build, endpoint: str, values: Mapping[str, Any]) -> str:
    """Empty for a page that doesn't take just any text."""
    marks = {name: _MARK.format(place) for place, name in enumerate(values)}
    try:
        pattern = build(endpoint, marks).replace("{", "{{").replace("}", "}}")
    except ValueError:
        return ""
    for place, mark in enumerate(marks.values()):
        if pattern.count(mark) != 1:
            return ""
        pattern = pattern.replace(mark, f"{{{place}}}")
    return pattern
