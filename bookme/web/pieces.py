"""Parts of pages that are the same for all who read a language: rendered once for each, and for
what they are told besides, which is said where they stand.

Such a template sees nothing of the request (a test reads them all), so that it shows nobody what
is another's.
"""

from typing import Any

from flask import Flask, current_app, request
from flask_babel import get_locale
from markupsafe import Markup

#: So many are remembered, several times as many as there are; a proxy may name any root.
_MOST = 500


def init_app(app: Flask) -> None:
    """Let an application's templates have such parts."""
    app.add_template_global(piece)


def piece(template: str, **told: Any) -> Markup:
    """A part of a page.

    :param told: what its template is told, all of it hashable, and nobody's own.
    """
    known: dict[tuple[Any, ...], Markup] = current_app.extensions.setdefault("pieces", {})
    key = (template, str(get_locale()), request.root_path, *told.items())
    found = known.get(key)
    if found is None:
        if len(known) > _MOST:
            known.clear()
        rendered = current_app.jinja_env.get_template(template).render(told)
        found = known[key] = Markup(rendered)
    return found
