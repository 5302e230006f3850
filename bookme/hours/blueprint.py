"""When a host works: sets of opening hours, time off, and limits over all schedules."""

from flask import Blueprint
from flask_login import login_required

bp = Blueprint("hours", __name__, url_prefix="/dashboard/hours")


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""
