"""A reader's own choice of a language: links in the footer, remembered by a cookie."""

from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from babel import Locale
from flask import Flask, Response, current_app, g, request
from flask_babel import get_locale

from bookme.web.words import CHOICE, SOURCE, named, offered

_REMEMBERED_SECONDS = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Let people choose the language of pages."""
    app.after_request(_remember)
    app.add_template_global(choices, "languages")
    app.add_template_global(_own, "own_language")


def _remember(response: Response) -> Response:
    asked, remembered = named()
    if asked != remembered and asked in current_app.config["LANGUAGES"]:
        response.set_cookie(
            CHOICE,
            asked,
            max_age=_REMEMBERED_SECONDS,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite=current_app.config["SESSION_COOKIE_SAMESITE"],
        )
    return response


class Other(NamedTuple):
    """A language that this page can be read in.

    :ivar tag: as HTML writes it.
    :ivar words: its own name.
    :ivar address: of this page in it.
    """

    tag: str
    words: str
    address: str


def choices() -> tuple[Other, ...]:
    """The languages to choose from on this page; none where there is no choice."""
    if request.method != "GET":
        return ()
    user = g.get("_login_user")
    is_settled = g.get("kept_language") or (
        request.blueprint != "public" and user is not None and user.is_authenticated
    )
    there = () if is_settled else tuple(offered())
    if len(there) < 2:
        return ()
    asked = request.args.to_dict(flat=False) if request.query_string else {}
    asked.pop(CHOICE, None)
    before = f"?{urlencode(asked, doseq=True)}&" if asked else "?"
    return (_others if asked else _plain)(there, _has_another_english(), before)


def _others(there: tuple[str, ...], in_full: bool, before: str) -> tuple[Other, ...]:
    named = _named(there, in_full)
    return tuple([Other(tag, words, f"{before}{CHOICE}={name}") for name, tag, words in named])


#: Those of an address that says nothing else; what one says may be somebody's own.
_plain = lru_cache(maxsize=64)(_others)


@lru_cache(maxsize=64)
def _named(there: tuple[str, ...], in_full: bool) -> list[tuple[str, str, str]]:
    """Languages in the order in which they are offered, each with its tag and its own name."""
    names = sorted((name.partition("_")[0] != SOURCE, name) for name in there)
    return [(name, name.replace("_", "-"), _display(name, in_full)) for _, name in names]


def _own() -> str:
    """What the language of this page is called in it."""
    return own_name(str(get_locale() or SOURCE))


def own_name(name: str) -> str:
    """What the speakers of a language call it: ``Deutsch``."""
    return _display(name, _has_another_english())


def _has_another_english() -> bool:
    """Which English the code's is matters only beside another."""
    return any(one.startswith(f"{SOURCE}_") for one in current_app.config["LANGUAGES"])


@cache
def _display(name: str, in_full: bool) -> str:
    return str(Locale.parse("en_GB" if name == SOURCE and in_full else name).get_display_name())
