"""The few lines that let one route serve a plain browser and htmx alike, over the package htmx-
flask.

By itself htmx shows no answer over 399, so a refusal with an honest status would never be seen.
What is made here to be put into a page therefore says so in :data:`SHOW`, and ``trouble.js`` has
it shown whatever its status. An answer without it comes from somewhere else, such as a proxy, and
is not put into a form.
"""

from typing import Any

from flask import Response, make_response, render_template
from flask import redirect as flask_redirect
from htmx_flask import request

from bookme.web.assets import vary

#: The header of an answer that is to be put into the page, whatever its status.
SHOW = "BookMe-Show"


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
    vary.add(response, "HX-Request")
    if wants_fragment():
        response.headers[SHOW] = "yes"
    return response


def notice(status: int, template: str, **context: Any) -> Response:
    """Words for htmx that belong to no form: they are put into the notice that every page has, and
    the page stays as it is, with all that was typed.
    """
    response = make_response(render_template(template, **context), status)
    response.headers |= {SHOW: "yes", "HX-Retarget": "#trouble", "HX-Reswap": "innerHTML"}
    return response


def redirect(location: str) -> Response:
    """Take the whole browser to ``location``.

    htmx would follow a 303 by itself and swap the new page into a fragment of the old one, so it
    gets ``HX-Redirect`` instead.
    """
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": location})
    return make_response(flask_redirect(location, code=303))
