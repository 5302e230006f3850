"""The few lines that let one route serve a plain browser and htmx alike, over the package htmx-
flask.
"""

from typing import Any

from flask import Response, make_response, render_template
from flask import redirect as flask_redirect
from htmx_flask import request


def wants_fragment() -> bool:
    """True when htmx will put the response inside a page it already shows.

    A boosted link and a Back-button restore are htmx requests too, but they need the whole page.
    """
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(page: str, fragment: str, status: int = 200, **context: Any) -> Response:
    """Render ``page``, or only its ``fragment`` for htmx.

    The page includes the fragment, so both show the same thing. ``Vary`` keeps a cache from handing
    one out for the other.
    """
    template = fragment if wants_fragment() else page
    response = make_response(render_template(template, **context), status)
    response.vary.add("HX-Request")
    return response


def redirect(location: str) -> Response:
    """Take the whole browser to ``location``.

    htmx would follow a 303 by itself and swap the new page into a fragment of the old one, so it
    gets ``HX-Redirect`` instead.
    """
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": location})
    return make_response(flask_redirect(location, code=303))
