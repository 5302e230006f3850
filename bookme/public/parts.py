"""Parts of a schedule's page that are the same for all who read a language, until its host's
version changes: kept beside the schedule that the page is made of.
"""

from collections.abc import Callable

from flask import g
from flask_babel import get_locale
from markupsafe import Markup

from bookme.public import embedded
from bookme.public.published import Published

#: Of one schedule; there may be more languages, and sites that show it.
_MOST = 8


def of(published: Published) -> None:
    """The page that is being made is of this schedule, as it was read for its version."""
    g.parts = published.parts


def part(name: str, caller: Callable[[], Markup]) -> Markup:
    """The called block of a template, which depends on nothing but the schedule, the language, and
    the site around.
    """
    parts = g.get("parts")
    if parts is None:
        return caller()
    key = (name, str(get_locale()), *embedded.kept().values())
    found = parts.get(key)
    if found is None:
        found = caller()
        if len(parts) < _MOST:
            parts[key] = found
    return found
