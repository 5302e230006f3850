"""The app-specific passwords on iCloud's page, as account.apple.com has them."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from sandbox import people
from sandbox.context import sandbox
from sandbox.icloud import accounts
from sandbox.pages import not_found, see_other

bp = Blueprint("icloud_pages", __name__)


@bp.app_context_processor
def _passwords() -> dict[str, object]:
    return {"app_passwords": _listed}


def _listed() -> list[object]:
    with sandbox().store.read() as db:
        return list(accounts.listed(db))


@bp.post("/icloud/calendar/passwords")
def renew() -> Response:
    """Make a new password instead of the old one, or only revoke that."""
    with sandbox().store.write() as db:
        person = people.find(db, request.form.get("person"))
        if person is None:
            raise not_found("There is no such person.")
        if request.form.get("only") == "revoke":
            accounts.revoke(db, person["id"])
        else:
            accounts.renew(db, person["id"])
    return see_other(url_for("calendar_pages.show", provider="icloud"))
