"""The menu of a host's pages: a dozen addresses and texts that only depend on where one is, and
whether one is an operator."""

from functools import lru_cache

from flask import Flask, render_template, request
from flask_login import current_user
from markupsafe import Markup

from bookme.web.words import tag

#: More than there are places in it, in all languages that hosts are spoken to.
_REMEMBERED = 512


def init_app(app: Flask) -> None:
    """Let templates of an application show the menu."""
    app.add_template_global(menu)


def menu() -> Markup:
    """The menu's links, where the page that is shown, or its part of the dashboard, is marked."""
    is_operator = getattr(current_user, "operator", None) is not None
    return _written(tag(), request.root_path, request.endpoint, request.blueprint, is_operator)


@lru_cache(_REMEMBERED)
def _written(
    _language: str, _root: str, here: str | None, part: str | None, is_operator: bool
) -> Markup:
    return Markup(render_template("_menu.html", here=here, part=part, is_operator=is_operator))
