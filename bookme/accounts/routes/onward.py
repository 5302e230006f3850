"""What the account pages share: where to go next, and what follows a commit."""

from flask import Response, request, url_for

from bookme import queue
from bookme.accounts.paths import own_path
from bookme.models import Email
from bookme.web import htmx


def next_path() -> str | None:
    """The page of ours that somebody was on their way to."""
    return own_path(request.args.get("next"))


def onward() -> Response:
    """To the page that somebody was on their way to, or to the dashboard."""
    return htmx.redirect(next_path() or url_for("bookings.today"))


def hurry(email: Email | None) -> None:
    """Send a message soon, if one is owed. Call it after the commit."""
    if email is not None:
        queue.hurry_email(email.id)
