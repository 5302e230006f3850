"""The blueprint of the account pages, and what it adds to every page."""

from typing import Any

from flask import Blueprint, g
from flask_login import current_user

from bookme.accounts import seen

bp = Blueprint("accounts", __name__)
bp.after_app_request(seen.note_after)


@bp.app_context_processor
def _who() -> dict[str, Any]:
    """``current_user`` in templates; who that is, is asked only where a template uses it. Once it
    is known, it stands there itself: what stands in for it looks for it at each attribute.
    """
    return {"current_user": g.get("_login_user") or current_user}
