"""Which calendars are looked into, where bookings are added, and the way in by a password."""

from flask import Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme import queue
from bookme.accounts import access
from bookme.accounts.access import confirmed_required, login_required
from bookme.clock import utcnow
from bookme.connections import providers, service
from bookme.connections.calendars import rows as calendar_rows
from bookme.connections.connecting import by_password
from bookme.connections.connecting.refusal import NotConnected, Refusal
from bookme.connections.page import calendar_words, cards, finding_words, pages, refusals
from bookme.connections.page.cards import View
from bookme.connections.page.forms import BookingCalendarForm, PasswordForm
from bookme.connections.page.routes import bp
from bookme.extensions import db
from bookme.providers.facts import Password
from bookme.web import htmx, limits

#: Apple locks accounts after too many wrong passwords, whoever sends them.
_TRIES = "20/hour"


@bp.post("/<provider>/calendars")
@login_required
def choose(provider: str) -> ResponseReturnValue:
    """Check these calendars of one provider for conflicts, and no others."""
    connection = pages.connection(provider)
    form = pages.checked_form(calendar_rows.of_connection(connection.id))
    if not form.validate_on_submit():
        gone = _("One of these calendars no longer exists. Nothing was saved. Check your choice.")
        return pages.page(provider, View.OPEN, told=("bad", gone), checked=form, status=422)
    to_read = service.choose_calendars(connection, form.checked.data or [], now=utcnow())
    db.session.commit()
    pages.read_soon(to_read)
    said = calendar_words.chosen(len(form.checked.data or []), provider)
    return pages.said(provider, "good", said, View.OPEN)


@bp.post("/<provider>/calendars/list")
@login_required
def list_again(provider: str) -> ResponseReturnValue:
    """Ask the provider which calendars there are now, and have those read that are checked."""
    connection = pages.connection(provider)
    finding, to_read = service.look_again(connection, now=utcnow())
    pages.read_soon(to_read)
    return pages.said(provider, *finding_words.list_refreshed(finding, provider), View.OPEN)


@bp.get("/<provider>/reading")
@login_required
def reading(provider: str) -> ResponseReturnValue:
    """Whether a provider's calendars have been read by now; without htmx, the whole page."""
    asked = min(request.args.get("asked", 0, int), cards.MOST_ASKED)
    if not (htmx.wants_fragment() and providers.exists(provider)):
        return htmx.redirect(url_for("connections.index"))
    row = cards.row(access.host(), provider)
    notes = cards.notes(row, access.host().locale) if "open" in request.args else {}
    return htmx.render("", "connections/_reading.html", row=row, asked=asked, notes=notes)


@bp.post("/bookings")
@login_required
def take_bookings() -> ResponseReturnValue:
    """Add bookings to this calendar from now on, or to none."""
    form = pages.taking_form()
    if form is None:
        flash(_("There's no calendar to add bookings to. Connect one first."), "warn")
        return htmx.redirect(url_for("connections.index"))
    if not form.validate_on_submit():
        return _taking_refused()
    try:
        due = service.take_bookings(access.host(), form.calendar.data or None, now=utcnow())
    except service.NoSuchCalendar:  # it went between the form and the host's lock
        db.session.rollback()
        return _taking_refused()
    db.session.commit()
    for booking_id in due:
        queue.hurry(booking_id)
    if htmx.wants_fragment():
        return _taking(form, saved=True)
    flash(_("Saved."), "good")
    return htmx.redirect(url_for("connections.index"))


@bp.get("/<provider>/password")
@login_required
def password(provider: str) -> ResponseReturnValue:
    """Ask for a name and a password made for BookMe."""
    return _password(provider, PasswordForm(_by_password(provider), formdata=None))


@bp.post("/<provider>/password")
@confirmed_required
@limits.per_address(_TRIES)
@limits.per_email(_TRIES, "username")
def connect_by_password(provider: str) -> ResponseReturnValue:
    """Try them, and connect the provider; what is no such password is not sent to anybody."""
    form = PasswordForm(_by_password(provider))
    if not form.validate_on_submit():
        return _password(provider, form, 422)
    asked = by_password.Password(
        *(access.host().id, provider, form.username.data, form.password.data),
        may_replace=form.replace.data,
    )
    db.session.commit()  # no transaction may span a call
    try:
        connected = by_password.connect(asked, now=utcnow())
    except NotConnected as failure:
        return _not_connected(provider, form, failure)
    return pages.connected(provider, connected)


def _by_password(provider: str) -> Password:
    found = providers.facts(provider).password if providers.exists(provider) else None
    return found or abort(404)


def _not_connected(provider: str, form: PasswordForm, failure: NotConnected) -> Response:
    refusal = failure.refusal
    if refusal is Refusal.OTHER_ACCOUNT:
        form.replace.errors = [_replace(cards.row(access.host(), provider).account, failure)]
        return _password(provider, form, 409)
    status, _title, said = refusals.words(refusal, providers.label(provider))
    if refusal is Refusal.PASSWORD_REFUSED:
        form.password.errors = [said]
    else:
        form.form_errors.append(said)
    return _password(provider, form, status)


def _replace(connected: str | None, failure: NotConnected) -> str:
    if connected is None:
        return _(
            "Another account is connected. Select this to use %(account)s instead.",
            account=failure.account,
        )
    return _(
        "%(connected)s is connected. Select this to use %(account)s instead.",
        connected=connected,
        account=failure.account,
    )


def _password(provider: str, form: PasswordForm, status: int = 200) -> Response:
    return htmx.render(
        "connections/password.html",
        "connections/_password.html",
        status,
        form=form,
        row=cards.row(access.host(), provider),
    )


def _taking_refused() -> Response:
    form = pages.taking_form()
    if form is None:
        return htmx.redirect(url_for("connections.index"))
    form.calendar.errors = [_("Choose one of these. The list has changed.")]
    return _taking(form, 422)


def _taking(form: BookingCalendarForm, status: int = 200, *, saved: bool = False) -> Response:
    if htmx.wants_fragment():
        return htmx.render("", "connections/_taking.html", status, taking=form, saved=saved)
    return pages.page(providers.WITH_CALENDARS[0], taking=form, status=status)
