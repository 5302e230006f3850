"""What the routes of the Connections page show, and the forms on it."""

from typing import Any

from flask import Response, abort, flash, make_response, render_template, url_for

from bookme import htmx, queue
from bookme.accounts import access
from bookme.connections import calendar_rows, providers, rows, service, words
from bookme.connections.consent import NotConnected, Refusal
from bookme.connections.forms import CheckedForm, TakingForm
from bookme.connections.linking import Connected
from bookme.connections.refusals import REFUSALS
from bookme.connections.rows import Row, View
from bookme.models import Calendar, Connection

#: The job that reads a calendar's busy times; hurried, the sweep finds what is not.
_READ = "busy.read_busy"


def page(
    provider: str,
    view: View = View.CLOSED,
    told: tuple[str, str] | None = None,
    *,
    taking: TakingForm | None = None,
) -> Response:
    """The Connections page with one provider shown, or for htmx that provider alone."""
    host = access.host()
    shown = rows.row(host, provider, view)
    context: dict[str, Any] = {"row": shown, "said": told, "checked_form": _checked_form(shown)}
    context["notes"] = rows.notes(shown, host.locale)
    if not htmx.wants_fragment():
        context |= {"rows": rows.rows(host, shown), "taking": taking or taking_form()}
    return htmx.render("connections/index.html", "connections/_provider.html", **context)


def said(provider: str, kind: str, text: str, view: View) -> Response:
    """Say what came of something: in place for htmx, else on the Connections page."""
    told = text.format(provider=providers.label(provider))
    if htmx.wants_fragment():
        return page(provider, view, (kind, told))
    flash(told, kind or "message")
    return htmx.redirect(url_for("connections.index", open=provider if view is View.OPEN else None))


def failed(provider: str, failure: NotConnected) -> Response:
    """Say why nothing was connected, with the button to start again."""
    status, title, text = REFUSALS[failure.refusal]
    name, connection = providers.label(provider), service.live(access.host().id, provider)
    if (
        connection is not None and failure.refusal is not Refusal.SERVED
    ):  # the provider may have ended it when it made what was not kept
        queue.hint("refresh.check_connection", connection.id)
    shown = render_template(
        "connections/failed.html",
        row=rows.row(access.host(), provider),
        title=title.format(provider=name),
        text=text.format(provider=name),
        missing=words.permissions(provider, failure.missing),
        other_account=failure.refusal is Refusal.OTHER_ACCOUNT,
        is_done=failure.refusal is Refusal.SERVED,
    )
    return make_response(shown, status)


def connected(provider: str, outcome: Connected) -> Response:
    """A provider is connected: hurry what waited for it, and say so."""
    read_soon(outcome.to_read)
    for booking_id in outcome.due:
        queue.hurry(booking_id)
    kind, text = words.connected(provider, outcome)
    flash(text, kind)
    shown = provider if provider in providers.CALENDARS else None  # there is something to choose
    return htmx.redirect(url_for("connections.index", open=shown))


def connection(provider: str) -> Connection:
    """The signed-in host's connection to a provider, or a 404."""
    return service.live(access.host().id, provider) or abort(404)


def checked_form(calendars: list[Calendar]) -> CheckedForm:
    """The choice of what is checked for conflicts, as it is now."""
    checked = [one.id for one in calendars if one.is_checked]
    return CheckedForm([(one.id, one.name) for one in calendars], data={"checked": checked})


def taking_form() -> TakingForm | None:
    """The choice of where bookings are added, as it is; None while there is nothing to choose."""
    writable = [one for one in calendar_rows.of_host(access.host().id) if one.may_write]
    if not writable:
        return None
    choices = [
        (one.id, f"{one.name} ({providers.label(one.connection.provider)})") for one in writable
    ]
    taking = next((one.id for one in writable if one.takes_bookings), 0)
    return TakingForm([*choices, (0, "No calendar")], data={"calendar": taking})


def read_soon(calendar_ids: list[int]) -> None:
    """Have the busy times of these calendars read at once. After the commit."""
    for calendar_id in calendar_ids:
        queue.hint(_READ, calendar_id)


def _checked_form(shown: Row) -> CheckedForm | None:
    is_open = shown.calendars and shown.view is View.OPEN
    return checked_form(shown.calendars) if is_open else None
