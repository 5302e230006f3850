"""The blueprint of the account pages, and what it adds to every page."""

from typing import Any

from flask import Blueprint
from flask_login import current_user

from bookme.accounts import known, seen

bp = Blueprint("accounts", __name__)
bp.after_app_request(seen.note_after)
bp.after_app_request(known.send_cookie)


@bp.app_context_processor
def _who() -> dict[str, Any]:
    """``current_user`` in templates; who that is, is asked only where a template uses it."""
    return {"current_user": current_user}
