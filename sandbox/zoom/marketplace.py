"""Zoom's App Marketplace: BookMe's listing, and the apps that people have added."""

import sqlite3
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from sandbox import asking, people, tokens
from sandbox.clock import utcnow
from sandbox.context import Sandbox, sandbox
from sandbox.pages import not_found, see_other
from sandbox.zoom import webhooks

bp = Blueprint("marketplace", __name__, url_prefix="/zoom/marketplace")


@bp.get("")
def show() -> str:
    """The listing, the added apps, and the events that were sent about them."""
    here = sandbox()
    with here.store.read() as db:
        return render_template(
            "marketplace.html",
            install_url=here.registered(db, "install_url"),
            webhook_url=here.registered(db, "webhook_url"),
            people=[person for person in people.everybody(db) if person["added_at"]],
            events=db.execute("SELECT * FROM webhook ORDER BY id DESC LIMIT 20").fetchall(),
        )


@bp.post("/add")
def add() -> Response:
    """*Add*, the way of listings "From the Marketplace": consent at once, without state or PKCE."""
    here = sandbox()
    with here.store.write() as db:
        page = asking.begin(db, here.registered(db, "redirects")[0], None, None, utcnow())
    return redirect(url_for("consent.show", page=page), 303)


@bp.post("/remove/<person_id>")
def remove_added(person_id: str) -> Response:
    """*Remove*: ends the grants and tells the app."""
    here, now = sandbox(), utcnow()
    with here.store.write() as db:
        person = people.find(db, person_id)
        if person is None:
            raise not_found("There is no such person.")
        event = remove(db, here, person, now)
    webhooks.deliver(here, event, now)
    flash(f"BookMe was removed from the account of {people.display_name(person)}.")
    return see_other(url_for("marketplace.show"))


@bp.post("/events/<int:webhook_id>/again")
def send_again(webhook_id: int) -> Response:
    """Send an event once more, as Zoom may."""
    if not webhooks.deliver(sandbox(), webhook_id, utcnow(), again=True):
        raise not_found("There is no such event.")
    return see_other(url_for("marketplace.show"))


@bp.post("/validate")
def validate() -> Response:
    """*Validate* beside the endpoint's address."""
    good, answer = webhooks.validate(sandbox())
    said = answer.status if answer.status is not None else answer.text
    flash("The endpoint is valid." if good else f"The endpoint is NOT valid; it answered {said}.")
    return see_other(url_for("marketplace.show"))


def remove(
    db: sqlite3.Connection,
    here: Sandbox,
    person: sqlite3.Row,
    now: datetime,
    delay: float | None = 0,
) -> int:
    """Take the app from a person's account; the event about it is kept for delivery.

    :param delay: seconds until the event goes; None if it is not to go by itself.
    :return: the event's id.
    """
    tokens.kill_grants(db, person["id"], "removed", now)
    tokens.kill_codes(db, person["id"], now)
    db.execute("UPDATE person SET added_at = NULL WHERE id = ?", (person["id"],))
    event = webhooks.deauthorized(person, here.config.client_id, now)
    return webhooks.queue(db, event, now, delay)
