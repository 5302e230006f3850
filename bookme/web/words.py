"""In which language BookMe speaks, and to whom: a page in its visitor's, a mail in its reader's.

A translator's catalogue stands under ``translations/<language>/LC_MESSAGES``; what the code holds
is English. Times and dates follow a locale of their own (``en_US``, ``en_GB``), which may be finer.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import force_locale, get_locale

from bookme.extensions import babel

#: The language of the texts in the code.
SOURCE = "en"
FOLDER = Path(__file__).parents[1] / "translations"


def init_app(app: Flask) -> None:
    """Let an application's texts be translated."""
    app.config.setdefault("LANGUAGES", languages(FOLDER))
    babel.init_app(
        app,
        default_locale=SOURCE,
        default_translation_directories=str(FOLDER),
        locale_selector=language,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.add_template_global(direction)
    app.add_template_global(tag)
    app.add_template_global(listed)


def languages(folder: Path) -> tuple[str, ...]:
    """The languages there are: that of the code, and each with a compiled catalogue."""
    found = sorted(path.parents[1].name for path in folder.glob("*/LC_MESSAGES/*.mo"))
    return (SOURCE, *(name for name in found if name != SOURCE))


def language() -> str:
    """The language of this request: the account's, then the browser's, then English."""
    if not has_request_context():
        return SOURCE
    # As far as it is known already: an error page must not ask the database who is there.
    user = g.get("_login_user")
    if user is not None and (locale := vars(user).get("locale")):
        return spoken(locale)
    return request.accept_languages.best_match(current_app.config["LANGUAGES"]) or SOURCE


@contextmanager
def spoken_to(locale: str) -> Iterator[None]:
    """Texts in this block are in the language of a reader who is not at the browser.

    :param locale: the reader's, such as ``pt_BR``.
    """
    with force_locale(spoken(locale)):
        yield


def spoken(locale: str) -> str:
    """A locale as far as BookMe speaks it: itself, if there is its language; else English."""
    try:
        parsed = Locale.parse(locale)
    except (UnknownLocaleError, ValueError, TypeError):
        return SOURCE
    there = {str(parsed), parsed.language}.intersection(current_app.config["LANGUAGES"])
    return str(parsed) if there else SOURCE


def tag() -> str:
    """The language of what is shown, as HTML writes it: ``pt-BR``."""
    return str(get_locale() or SOURCE).replace("_", "-")


def listed(names: Sequence[str], style: Literal["standard", "or", "unit"] = "standard") -> str:
    """Names as one list: ``Zoom, Google Meet and Microsoft Teams``.

    :param style: Babel's: ``or`` for a choice of them, ``unit`` for facts side by side.
    """
    locale = get_locale() or SOURCE
    try:
        return format_list(names, style=style, locale=locale)
    except (KeyError, ValueError):  # some languages know no such style
        return format_list(names, locale=locale)


def direction() -> str:
    """``rtl`` where the language is written from right to left."""
    locale = get_locale()
    return locale.text_direction if locale is not None else "ltr"
