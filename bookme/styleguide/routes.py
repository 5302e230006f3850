"""A page for developers with every part that pages are made of, in every state."""

import ipaddress
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue

from bookme.styleguide import examples
from bookme.styleguide.forms import Sample, failed
from bookme.web import htmx

bp = Blueprint("styleguide", __name__)

THEMES, DIRECTIONS = ("light", "dark"), ("ltr", "rtl")


@bp.get("/styleguide")
def index() -> ResponseReturnValue:
    """All parts. ``?theme=`` and ``?dir=`` say how they are shown."""
    if not _is_here(current_app.config["PUBLIC_URL"]):
        abort(404)
    return htmx.render(
        "styleguide/index.html",
        "styleguide/_picker.html",
        theme=_chosen("theme", THEMES),
        direction_shown=_chosen("dir", DIRECTIONS),
        themes=THEMES,
        directions=DIRECTIONS,
        sound=Sample(formdata=None, prefix="sound-", data=examples.TYPED),
        wrong=failed("wrong-"),
        host=examples.HOST,
        chart=examples.chart(),
        sizes=examples.picture_sizes(),
        **examples.picker(request.args),
    )


def _chosen(name: str, there: tuple[str, ...]) -> str:
    asked = request.args.get(name, "")
    return asked if asked in there else there[0]


def _is_here(url: str) -> bool:
    """Whether an address is of this machine, without a certificate: nobody else's BookMe."""
    parts = urlsplit(url)
    if parts.scheme != "http":
        return False
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"
