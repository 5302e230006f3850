"""Public pages about BookMe: help, privacy, terms, support, and proof of the domain."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from bookme import retention
from bookme.help import pictures, search, service
from bookme.help.topics import TOPICS
from bookme.web import htmx

bp = Blueprint("help", __name__)

#: Pages whose text may be the operator's.
TITLES: dict[str, LazyString] = {
    "privacy": _l("Privacy"),
    "terms": _l("Terms"),
    "support": _l("Support"),
}

#: Letters of a search.
_LONGEST = 100


@bp.app_context_processor
def _operator() -> dict[str, str | bool]:
    """Who runs this BookMe and where, and whether it can send mail, for every page's words."""
    settings = current_app.config
    return {
        "operator": settings["OPERATOR_NAME"],
        "site": urlsplit(settings["PUBLIC_URL"]).netloc,
        "has_mail": settings["MAIL_CONFIGURED"],
        "support_email": settings["SUPPORT_EMAIL"],
        "support_hours": settings["SUPPORT_HOURS"],
        "support_days": settings["SUPPORT_DAYS"],
        "zoom_verification": settings["ZOOM_VERIFICATION"],
        "google_verification": settings["GOOGLE_VERIFICATION"],
    }


@bp.get("/help")
def index() -> ResponseReturnValue:
    """All topics; ``?q=`` searches them."""
    asked = request.args.get("q", "").strip()[:_LONGEST]
    found = search.search(asked)
    topics = list(TOPICS.values())
    whole, part = "help/index.html", "help/_found.html"
    return htmx.render(whole, part, asked=asked, found=found, topics=topics)


@bp.get("/help/<name>")
def topic(name: str) -> ResponseReturnValue:
    """One topic."""
    if name not in TOPICS:
        abort(404)
    after = list(TOPICS.values())[list(TOPICS).index(name) + 1 :][:1]
    return render_template(
        "help/topic.html",
        topic=TOPICS[name],
        after=after,
        sizes=pictures.sizes(),
        retention=retention.days(current_app.config),
    )


@bp.get("/help/zoom")
def zoom() -> ResponseReturnValue:
    """How to add, use and remove Zoom."""
    return topic("zoom")


@bp.get("/help/calendars")
def calendars() -> ResponseReturnValue:
    """How to connect calendars, and what they are used for."""
    return topic("calendars")


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


@bp.get("/.well-known/microsoft-identity-association.json")
def association() -> ResponseReturnValue:
    """Microsoft's proof that this domain is the operator's: the app that belongs to it."""
    client_id = current_app.config["MICROSOFT_CLIENT_ID"] or abort(404)
    return jsonify(associatedApplications=[{"applicationId": client_id}])


def _text(name: str) -> ResponseReturnValue:
    own = service.own_text(current_app.config["TEXTS_DIR"], name)
    if own is not None:
        return render_template("help/own.html", title=TITLES[name], text=Markup(own))
    return render_template(f"help/{name}.html", retention=retention.days(current_app.config))
