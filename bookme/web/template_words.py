"""``_``, ``gettext`` and ``ngettext``, of templates too: as Jinja and Flask-Babel have them, but
which translations they read is found once for a language and not for every text.
"""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import flask_babel
from flask import Flask
from flask.globals import _cv_app
from flask_babel import Domain, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Remembering(Domain):
    """Flask-Babel's translations of all texts, remembered beside the language that is spoken."""

    def get_translations(self) -> Any:
        of_request = _known_of_request()
        locale = getattr(of_request, "babel_locale", None)
        known, found = getattr(of_request, "translations", (None, None))
        if locale is not None and known is locale:
            return found
        found, locale = super().get_translations(), get_locale()
        if of_request is not None and locale is not None:
            of_request.translations = (locale, found)
        return found


def _known_of_request() -> SimpleNamespace | None:
    """What Flask-Babel remembers of a request, as it finds it itself, which is asked for some sixty
    times a page: so not by way of ``g``, which looks for itself each time.
    """
    context = _cv_app.get(None)
    if context is None:  # nobody is spoken to
        return None
    known: SimpleNamespace | None = context.g.get("_flask_babel")
    if known is None:
        known = context.g._flask_babel = SimpleNamespace()
    return known


def init_app(app: Flask) -> None:
    """Have an application read its translations so, once Flask-Babel is bound to it."""
    flask_babel._get_current_context = _known_of_request
    of_app = app.extensions["babel"]
    of_app.instance.domain_instance = Remembering(domain=of_app.default_domain)
    app.jinja_env.globals |= {"_": gettext, "gettext": gettext, "ngettext": ngettext}


@pass_eval_context
def gettext(context: EvalContext, message: str, /, **parts: Any) -> str:
    """A text in the reader's language, with its parts."""
    said = _said(_translations(), message, bool(context.autoescape))
    return said % parts if parts or "%" in said else said


@pass_eval_context
def ngettext(context: EvalContext, singular: str, plural: str, num: int, /, **parts: Any) -> str:
    """The same of a number, which is a part by the name of ``num``."""
    said = _translations().ungettext(singular, plural, num)
    return (Markup(said) if context.autoescape else said) % {"num": num, **parts}


def _translations() -> Any:
    """Those of the reader's language, without the way to them where they are remembered."""
    of_request = _known_of_request()
    locale = getattr(of_request, "babel_locale", None)
    known, found = getattr(of_request, "translations", (None, None))
    return found if locale is not None and known is locale else get_translations()


@lru_cache(maxsize=4096)
def _said(translations: Any, message: str, as_html: bool) -> str:
    said: str = translations.ugettext(message)
    return Markup(said) if as_html else said
