"""Where somebody may be sent next: to our own pages only."""

import re
from urllib.parse import unquote

#: The characters of a plain path and query. No backslash, control character, space or quote;
#: browsers read "/\evil.example" as another site and drop tabs and line breaks.
_PLAIN = re.compile(r"/[A-Za-z0-9\-._~/%?=&+:@,;!$'()*]*")
_LONGEST = 1000


def own_path(value: str | None) -> str | None:
    """The path and query of one of our own pages, or None if ``value`` is anything else.

    Held to more than browsers ask for, because proxies and routers may decode a path once more:
    a path that turns into "//somewhere" or "/\\somewhere" then is refused too.
    """
    if not value or len(value) > _LONGEST or not _PLAIN.fullmatch(value):
        return None
    path = value.partition("?")[0]
    while "//" not in path and "\\" not in path and path.isprintable():
        decoded = unquote(path)
        if decoded == path:
            return value
        path = decoded
    return None
