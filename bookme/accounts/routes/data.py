"""A host's data: taking it along, and having it deleted."""

from flask import render_template
from flask.typing import ResponseReturnValue

from bookme.accounts import access
from bookme.accounts.blueprint import bp


@bp.get("/account/data")
@access.login_required
def data() -> ResponseReturnValue:
    """What a host may do with all that BookMe keeps of them."""
    return render_template("accounts/data.html", host=access.host())
