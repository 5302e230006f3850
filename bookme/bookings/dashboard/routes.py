"""The dashboard's blueprint: every page on it is a host's own."""

from flask import Blueprint
from flask_login import login_required

bp = Blueprint("bookings", __name__, url_prefix="/dashboard")


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""
