"""In which language BookMe speaks, and to whom: a page in its visitor's, a mail in its reader's.

What the code holds is English. A translator's catalogues stand under
``translations/<language>/LC_MESSAGES``: ``bookers`` has all that bookers see, ``hosts`` the rest. A
language with both is everybody's; one without ``hosts`` is spoken to bookers only. Times and dates
follow a locale of their own (``en_US``, ``en_GB``), which may be finer.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import force_locale, get_locale, refresh

from bookme.extensions import babel
from bookme.web import template_words

#: The language of the texts in the code.
SOURCE = "en"
BOOKERS, HOSTS = "bookers", "hosts"
FOLDER = Path(__file__).parents[1] / "translations"
#: The argument of an address that names a language, and the cookie that remembers it.
CHOICE = "language"
Style = Literal["standard", "or", "unit", "unit-short", "unit-narrow"]
#: Which of Babel's styles of lists stands in for one that a language has only in part.
_NEAREST: dict[Style, tuple[Style, ...]] = {
    "unit": ("unit-short",),
    "unit-narrow": ("unit-short", "unit"),
}
#: Pages on which hosts are spoken to rather than bookers, and the other way round.
_FOR_HOSTS, _FOR_BOOKERS = {"public.landing"}, {"help.privacy"}


def init_app(app: Flask) -> None:
    """Let an application's texts be translated."""
    app.config.setdefault("LANGUAGES", languages(FOLDER, BOOKERS))
    app.config.setdefault("HOST_LANGUAGES", languages(FOLDER, BOOKERS, HOSTS))
    babel.init_app(
        app,
        default_locale=SOURCE,
        default_domain=f"{HOSTS};{BOOKERS}",  # plural forms are those of the last
        default_translation_directories=f"{FOLDER};{FOLDER}",
        locale_selector=lambda: _locale(language()),
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    template_words.init_app(app)
    app.add_template_global(direction)
    app.add_template_global(tag)
    app.add_template_global(listed)


class Named(Locale):
    """A locale that knows its name and direction. Babel puts them together anew each time, a dozen
    times a page.
    """

    @cached_property
    def text_direction(self) -> str:
        return super().text_direction

    @cached_property
    def _name(self) -> str:
        return super().__str__()

    def __str__(self) -> str:
        return self._name


@lru_cache(maxsize=200)
def _locale(name: str) -> Locale:
    return Named.parse(name)


def languages(folder: Path, *domains: str) -> tuple[str, ...]:
    """The languages there are: that of the code, and each with these compiled catalogues."""
    found = [
        {path.parents[1].name for path in folder.glob(f"*/LC_MESSAGES/{domain}.mo")}
        for domain in domains
    ]
    return (SOURCE, *sorted(set.intersection(*found) - {SOURCE}))


def offered() -> tuple[str, ...]:
    """The languages that the page which is asked for can be read in."""
    blueprint, endpoint = request.blueprint, request.endpoint
    is_bookers = blueprint in (None, "public") and endpoint not in _FOR_HOSTS
    name = "LANGUAGES" if is_bookers or endpoint in _FOR_BOOKERS else "HOST_LANGUAGES"
    found: tuple[str, ...] = current_app.config[name]
    return found


def language() -> str:
    """The language of this request.

    On a booker's page: the schedule's own, else the one that was chosen, else the account's, else
    the browser's. On a host's the account's comes first. English where none of them is spoken.
    """
    if not has_request_context():
        return _as_locale(SOURCE)
    there = offered()
    # As far as it is known already: an error page must not ask the database who is there.
    user = g.get("_login_user")
    own = spoken(vars(user).get("locale") or "", there, "") if user is not None else ""
    found = chosen() or own if request.blueprint == "public" else own or chosen()
    return _as_locale(found or _heard(there) or SOURCE)


def _heard(there: Sequence[str]) -> str:
    """What the browser's reader would rather read of what is there; a language also as it is spoken
    elsewhere (``pt_BR`` for ``pt-PT``); else empty.
    """
    by_tag = {name.lower(): name for name in there}
    for accepted, quality in request.accept_languages:
        tag = accepted.lower().replace("-", "_")
        language = tag.partition("_")[0]
        alike = (name for name in there if name.partition("_")[0] == language)
        found = by_tag.get(tag) or by_tag.get(language) or next(alike, "")
        if found and quality > 0:
            return found
    return ""


def chosen() -> str:
    """The language that the schedule keeps to, else the one that its reader chose; else empty."""
    there = offered()
    kept = g.get("kept_language")
    if kept and (known := spoken(kept, there, "")):
        return known
    return next((name for name in named() if name in there), "")


def named() -> tuple[str, str]:
    """The language in the address, and the one that is remembered."""
    asked = request.args.get(CHOICE, "") if request.query_string else ""
    return asked, request.cookies.get(CHOICE, "") if "Cookie" in request.headers else ""


def keep_to(name: str | None) -> None:
    """Show the page that is being made in a schedule's own language, if it has one."""
    if name and has_request_context():
        g.kept_language = name
        refresh()


@contextmanager
def spoken_to(locale: str, *, is_host: bool = False) -> Iterator[None]:
    """Texts in this block are in the language of a reader who is not at the browser.

    :param locale: the reader's, such as ``pt_BR``.
    """
    there = current_app.config["HOST_LANGUAGES" if is_host else "LANGUAGES"]
    with force_locale(spoken(locale, there)):
        yield


def spoken(locale: str, there: Sequence[str], otherwise: str = SOURCE) -> str:
    """A locale as far as BookMe speaks it: itself, if its language is there; else how that language
    is spoken elsewhere (``pt_BR`` for ``pt_PT``); else English.
    """
    parsed = _parsed(locale)
    if parsed is None:
        return _as_locale(otherwise)
    if {str(parsed), parsed.language}.intersection(there):
        return _as_locale(str(parsed))
    alike = (name for name in there if name.partition("_")[0] == parsed.language)
    return _as_locale(next(alike, otherwise))


@lru_cache(maxsize=256)
def _parsed(locale: str) -> Locale | None:
    try:
        return Locale.parse(locale)
    except (UnknownLocaleError, ValueError, TypeError):
        return None


def _as_locale(name: str) -> str:
    """A language's locale. Where American English is there, that of the code has to be named in
    full: gettext looks for ``en`` among the American words.
    """
    if name != SOURCE:
        return name
    others = any(one.startswith(f"{SOURCE}_") for one in current_app.config["LANGUAGES"])
    return "en_GB" if others else name


def tag() -> str:
    """The language of what is shown, as HTML writes it: ``pt-BR``."""
    return str(get_locale() or SOURCE).replace("_", "-")


def listed(names: Sequence[str], style: Style = "standard") -> str:
    """Names as one list: ``Zoom, Google Meet and Microsoft Teams``.

    :param style: Babel's: ``or`` for a choice of them, ``unit`` for facts side by side,
        ``unit-narrow`` for the parts of one length.
    """
    locale = get_locale() or Locale.parse(SOURCE)
    needed = {"2"} if len(names) == 2 else {"start", "middle", "end"}
    styles: tuple[Style, ...] = (style, *_NEAREST.get(style, ()), "standard")
    whole = (one for one in styles if needed <= set(locale.list_patterns.get(one, {})))
    return format_list(names, style=next(whole), locale=locale)


def direction() -> str:
    """``rtl`` where the language is written from right to left."""
    locale = get_locale()
    return locale.text_direction if locale is not None else "ltr"
