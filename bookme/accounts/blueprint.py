"""The blueprint of the account pages, and what it adds to every page."""

from typing import Any

from flask import Blueprint, current_app, g
from flask_login import current_user

from bookme.accounts import seen, ways
from bookme.accounts.oidc import providers
from bookme.sign_in_settings import SignUp

bp = Blueprint("accounts", __name__)
bp.after_app_request(seen.note_after)


@bp.app_context_processor
def _who() -> dict[str, Any]:
    """``current_user`` in templates; who that is, is asked only where a template uses it. Once it
    is known, it stands there itself: what stands in for it looks for it at each attribute.
    """
    return {"current_user": g.get("_login_user") or current_user}


@bp.app_template_global()
def sign_in_providers() -> Any:
    """The providers of OpenID Connect that people may sign in with here."""
    return providers.everyone()


@bp.app_template_global()
def has_passwords() -> bool:
    """Whether passwords let anybody in here."""
    return ways.with_passwords()


@bp.app_template_global()
def takes_invitation() -> bool:
    """Whether only who is invited may sign up."""
    return bool(current_app.config["SIGN_UP"] is SignUp.INVITED)
