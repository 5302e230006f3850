"""What is shown when a provider was connected, or wasn't."""

from flask import Response, flash, make_response, render_template, session, url_for

from bookme import queue
from bookme.accounts import access
from bookme.connections import providers, service
from bookme.connections.connecting.linking import Connected
from bookme.connections.connecting.refusal import NotConnected, Refusal
from bookme.connections.page import cards, pages, refusals, words
from bookme.models import SetUpStep
from bookme.web import htmx

#: Where this browser's cookie says why nothing was connected.
_FAILURE = "not_connected"


def not_connected(provider: str, failure: NotConnected) -> Response:
    """Lead to the page that says why nothing was connected, at an address without code and state.

    What it says is kept in this browser's cookie; the address names nobody.
    """
    session[_FAILURE] = {
        "provider": provider,
        "why": str(failure.refusal),
        "missing": sorted(failure.missing),
    }
    connection = service.live(access.host().id, provider)
    if (
        connection is not None and failure.refusal is not Refusal.SERVED
    ):  # the provider may have ended it when it made what was not kept
        queue.hint(queue.Job.CHECK_CONNECTION, connection.id)
    return htmx.redirect(url_for("connections.failed", provider=provider))


def failure_page(provider: str) -> Response | None:
    """Why nothing was connected, with the button to start again; None if this browser knows of
    nothing.
    """
    failure = session.get(_FAILURE, {})
    if failure.get("provider") != provider:
        return None
    refusal = Refusal(failure["why"])
    if refusal is Refusal.OTHER_ACCOUNT:  # said by a version that asked later
        return None
    status, title, text = refusals.words(refusal, providers.label(provider))
    needs_admin = refusal is Refusal.ADMIN_NEEDED
    shown = render_template(
        "connections/failed.html",
        row=cards.row(access.host(), provider),
        title=title,
        text=text,
        missing=words.permissions(provider, failure["missing"]),
        is_done=refusal is Refusal.SERVED,
        for_admin=words.for_administrator(provider) if needs_admin else "",
    )
    return make_response(shown, status)


def connected(provider: str, outcome: Connected) -> Response:
    """A provider is connected: hurry what waited for it, and say so; in the set-up, where its step
    comes next.
    """
    pages.read_soon(outcome.to_read)
    for booking_id in outcome.due:
        queue.hurry(booking_id)
    session.pop(_FAILURE, None)
    kind, text = words.connected(provider, outcome)
    flash(text, kind)
    if access.host().set_up_step == SetUpStep.CONNECTIONS:
        return htmx.redirect(url_for("setup.connections"))
    shown = (
        provider if providers.facts(provider).has_calendars else None
    )  # there is something to choose
    return htmx.redirect(url_for("connections.index", open=shown))
