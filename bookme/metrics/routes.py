"""``/metrics`` beside all other pages, where it has a token and no port of its own."""

from flask import Blueprint, Response, abort, current_app, request

from bookme.metrics import access

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
def show() -> Response:
    """What there is to see for a monitoring system that shows the token."""
    settings = current_app.config
    if settings["METRICS_PORT"] or not settings["METRICS_TOKEN"]:
        abort(404)
    if not access.is_allowed(request.headers.get("Authorization"), settings["METRICS_TOKEN"]):
        return Response("A token is needed.\n", 401, access.REFUSAL, mimetype="text/plain")
    from bookme.metrics import page  # prometheus-client: only for those who want it

    return Response(page.text(), content_type=page.CONTENT_TYPE)
