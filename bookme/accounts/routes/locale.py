"""How somebody who signs up reads words and times, by what their browser says."""

from flask import request

from bookme.accounts.forms import hosts_locales
from bookme.web.words import language


def locale() -> str:
    """That of the page's language which the browser would rather have."""
    mine = [name for name in hosts_locales() if name.startswith(language().partition("_")[0])]
    named = [name for name in mine if name == language()]
    return named[0] if named else request.accept_languages.best_match(mine) or mine[0]


def clock_hours() -> int:
    """The clock that goes with it."""
    return 12 if locale() == "en_US" else 24
