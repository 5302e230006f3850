"""``/healthz`` says that the process lives, ``/readyz`` whether it can serve and what is
degraded.
"""

from dataclasses import asdict

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from bookme.clock import utcnow
from bookme.health import service, writing
from bookme.version import VERSION

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def live() -> ResponseReturnValue:
    """The process lives, and which BookMe it is."""
    return jsonify(status="ok", version=VERSION)


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """503 without the database; else 200, with what is degraded."""
    try:
        health = service.look(utcnow())
    except DBAPIError as error:
        why = writing.reason(error)
        said = "database: does not answer" + (f" ({why})" if why else "")
        return jsonify(status="unavailable", degraded=[said]), 503
    return jsonify(status="degraded" if health.degraded else "ok", **asdict(health))
