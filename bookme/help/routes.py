"""Public pages about BookMe: the Zoom guide, privacy, terms, support, and proof of the domain."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from bookme.help import service

bp = Blueprint("help", __name__)

#: Pages whose text may be the operator's.
TITLES: dict[str, LazyString] = {
    "privacy": _l("Privacy"),
    "terms": _l("Terms"),
    "support": _l("Support"),
}


@bp.app_context_processor
def _operator() -> dict[str, str | bool]:
    """Who runs this BookMe and where, and whether it can send mail, for every page's words."""
    settings = current_app.config
    return {
        "operator": settings["OPERATOR_NAME"],
        "site": urlsplit(settings["PUBLIC_URL"]).netloc,
        "has_mail": settings["MAIL_CONFIGURED"],
        "support_email": settings["SUPPORT_EMAIL"],
        "zoom_verification": settings["ZOOM_VERIFICATION"],
    }


@bp.get("/help/zoom")
def zoom() -> ResponseReturnValue:
    """How to add, use and remove Zoom."""
    return render_template("help/zoom.html", retention=service.RETENTION)


@bp.get("/help/calendars")
def calendars() -> ResponseReturnValue:
    """How to connect calendars, and what they are used for."""
    return render_template("help/calendars.html")


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is stored, why, and for how long."""
    return _text("privacy")


@bp.get("/terms")
def terms() -> ResponseReturnValue:
    """The terms of use."""
    return _text("terms")


@bp.get("/support")
def support() -> ResponseReturnValue:
    """Where help is to be had."""
    return _text("support")


@bp.get("/zoomverify/verifyzoom.html")
def verification() -> ResponseReturnValue:
    """Zoom's proof that this domain is the operator's."""
    code = current_app.config["ZOOM_VERIFICATION"] or abort(404)
    return Response(code, mimetype="text/html")


def _text(name: str) -> ResponseReturnValue:
    own = service.own_text(current_app.config["TEXTS_DIR"], name)
    if own is not None:
        return render_template("help/own.html", title=TITLES[name], text=Markup(own))
    return render_template(f"help/{name}.html", retention=service.RETENTION)
