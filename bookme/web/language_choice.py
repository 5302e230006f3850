"""A reader's own choice of a language: links in the footer, remembered by a cookie."""

from functools import cache
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
    app.add_template_global(_here, "in_language")
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


def choices() -> list[tuple[str, str]]:
    """The languages to choose from on this page, each as HTML writes it and by its own name; none
    where there is no choice.
    """
    user = g.get("_login_user")
    is_settled = g.get("kept_language") or (
        request.blueprint != "public" and user is not None and user.is_authenticated
    )
    there = () if is_settled else offered()
    if len(there) < 2:
        return []
    names = sorted((name.partition("_")[0] != SOURCE, name) for name in there)
    return [(name, own_name(name)) for _, name in names]


def _own() -> str:
    """What the language of this page is called in it."""
    return own_name(str(get_locale() or SOURCE))


def own_name(name: str) -> str:
    """What the speakers of a language call it: ``Deutsch``."""
    # Which English the code's is matters only beside another.
    others = any(one.startswith(f"{SOURCE}_") for one in current_app.config["LANGUAGES"])
    return _display("en_GB" if name == SOURCE and others else name)


@cache
def _display(name: str) -> str:
    return str(Locale.parse(name).get_display_name())


def _here(name: str) -> str:
    """The address of this page in another language."""
    asked = request.args.to_dict(flat=False) | {CHOICE: [name]}
    return f"?{urlencode(asked, doseq=True)}"
