"""What the routes of the Connections page show, and the forms on it."""

from typing import Any

from flask import Response, abort, flash, url_for
from flask_babel import gettext as _

from bookme import queue
from bookme.accounts import access
from bookme.connections import providers, service
from bookme.connections.calendars import rows as calendar_rows
from bookme.connections.page import calendar_notes, cards
from bookme.connections.page.cards import Row, View
from bookme.connections.page.forms import BookingCalendarForm, CheckedForm
from bookme.models import Calendar, Connection
from bookme.web import htmx


def page(
    provider: str,
    view: View = View.CLOSED,
    *,
    told: tuple[str, str] | None = None,
    taking: BookingCalendarForm | None = None,
    checked: CheckedForm | None = None,
    status: int = 200,
) -> Response:
    """The Connections page with one provider shown, or for htmx that provider alone.

    :param told: what came of an action. An action changes more of the page than its own provider,
        so htmx gets all of that too.
    """
    host = access.host()
    shown = cards.row(host, provider, view)
    checked = checked or _checked_form(shown)
    context: dict[str, Any] = {"row": shown, "said": told, "checked_form": checked}
    context["notes"] = calendar_notes.notes(shown, host.locale)
    if told is not None or not htmx.wants_fragment():
        context |= {"rows": cards.rows(host, shown), "taking": taking or taking_form()}
    alone = "connections/_provider.html" if told is None else "connections/_changed.html"
    return htmx.render("connections/index.html", alone, status, **context)


def said(provider: str, kind: str, text: str, view: View, status: int = 200) -> Response:
    """Say what came of something: in place for htmx, else on the Connections page."""
    if htmx.wants_fragment():
        return page(provider, view, told=(kind, text), status=status)
    return elsewhere(provider, kind, text, view)


def elsewhere(provider: str, kind: str, told: str, view: View) -> Response:
    """Say what came of something on the Connections page, for whoever is on another one."""
    flash(told, kind or "message")
    return htmx.redirect(url_for("connections.index", open=provider if view is View.OPEN else None))


def connection(provider: str) -> Connection:
    """The signed-in host's connection to a provider. Where it has ended meanwhile, as in another
    window, the answer says so; an unknown provider is a 404.
    """
    if not providers.exists(provider):
        abort(404)
    found = service.live(access.host().id, provider)
    if found is None:
        name = providers.label(provider)
        gone = _("%(provider)s isn't connected anymore. Nothing was changed.", provider=name)
        abort(said(provider, "warn", gone, View.CLOSED, 409))
    return found


def checked_form(calendars: list[Calendar]) -> CheckedForm:
    """The choice of what is checked for conflicts, as it is now."""
    checked = [one.id for one in calendars if one.is_checked]
    return CheckedForm([(one.id, one.name) for one in calendars], data={"checked": checked})


def taking_form() -> BookingCalendarForm | None:
    """The choice of where bookings are added, as it is; None while there is nothing to choose."""
    writable = [one for one in calendar_rows.of_host(access.host().id) if one.may_write]
    if not writable:
        return None
    choices = [
        (one.id, _in_account(one.name, providers.label(one.connection.provider)))
        for one in writable
    ]
    taking = next((one.id for one in writable if one.takes_bookings), 0)
    return BookingCalendarForm([*choices, (0, _("No calendar"))], data={"calendar": taking})


def read_soon(calendar_ids: list[int]) -> None:
    """Have the busy times of these calendars read at once. After the commit."""
    for calendar_id in calendar_ids:
        queue.hint(queue.Job.READ_BUSY, calendar_id)


def _in_account(calendar: str, provider: str) -> str:
    return _("%(calendar)s (%(provider)s)", calendar=calendar, provider=provider)


def _checked_form(shown: Row) -> CheckedForm | None:
    is_open = shown.calendars and shown.view is View.OPEN
    return checked_form(shown.calendars) if is_open else None
