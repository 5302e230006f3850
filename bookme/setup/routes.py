"""The set-up, a page for each step. Any of them can be left, and opened again."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from bookme.accounts import access
from bookme.accounts import service as accounts
from bookme.clock import utcnow
from bookme.connections.page import cards
from bookme.extensions import db
from bookme.hours import service as hours
from bookme.hours import time_fields
from bookme.hours import words as hours_words
from bookme.models import Schedule, SetUpStep
from bookme.schedules import listing, providers
from bookme.schedules import service as schedules
from bookme.setup import service
from bookme.setup.forms import AddressForm, FirstForm, WeekForm
from bookme.setup.words import TITLES
from bookme.web import htmx

bp = Blueprint("setup", __name__, url_prefix="/dashboard/set-up")

_PAGES = {
    SetUpStep.ADDRESS: "setup.address",
    SetUpStep.HOURS: "setup.week",
    SetUpStep.CONNECTIONS: "setup.connections",
    SetUpStep.LINK: "setup.link",
}


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""


@bp.get("")
def index() -> ResponseReturnValue:
    """The step that comes next."""
    step = service.next_step(access.host()) or SetUpStep.LINK
    return htmx.redirect(url_for(_PAGES[step]))


@bp.get("/address")
def address() -> ResponseReturnValue:
    """The address of the host's page, and the zone."""
    return _address(_address_form())


@bp.post("/address")
def save_address() -> ResponseReturnValue:
    """Save both, or show what is wrong."""
    host, form = access.host(), _address_form()
    if not form.validate_on_submit():
        return _address(form, 422)
    chosen = {"handle": form.handle.data, "zone": form.zone.data}
    try:
        service.save_address(host, **chosen, now=utcnow())
    except accounts.HandleTaken:
        form.handle.errors = [_("Another host has this address. Enter a different one.")]
        return _address(form, 422)
    db.session.commit()
    return htmx.redirect(url_for("setup.week"))


@bp.get("/hours")
def week() -> ResponseReturnValue:
    """The week of the hours that new schedules begin with."""
    return _week(_week_form())


@bp.post("/hours")
def save_week() -> ResponseReturnValue:
    """Save it, or show what is wrong."""
    host, form = access.host(), _week_form()
    if "add" in request.form:
        form.grow(request.form["add"])
        return _week(form)
    if not form.validate_on_submit():
        return _week(form, 422)
    try:
        service.save_hours(host, form.columns()["week"], now=form.now)
    except hours.TooShort as error:
        form.windows.errors = [hours_words.too_short(error)]
        db.session.rollback()
        return _week(form, 422)
    db.session.commit()
    return htmx.redirect(url_for("setup.connections"))


@bp.get("/connections")
def connections() -> ResponseReturnValue:
    """What can be connected. Connecting leads back here while this step comes next."""
    found = [one for one in cards.rows(access.host()) if one.is_set_up or one.connection]
    return _page("setup/connections.html", SetUpStep.CONNECTIONS, rows=found)


@bp.post("/connections")
def leave_connections() -> ResponseReturnValue:
    """Go on, whatever is connected. With video nothing is left to ask."""
    host = access.host()
    service.leave(host, SetUpStep.CONNECTIONS)
    if service.video(host) is not None:
        service.publish(host, service.place(host), now=utcnow())
    db.session.commit()
    return htmx.redirect(url_for("setup.link"))


@bp.get("/link")
def link() -> ResponseReturnValue:
    """The link to share; before there is one, where people meet the host."""
    schedule = listing.first(access.host())
    return _made(schedule) if schedule else _link(_first_form())


@bp.post("/link")
def make_link() -> ResponseReturnValue:
    """Make the first schedule, or show what is wrong."""
    form = _first_form()
    if not form.validate_on_submit():
        return _link(form, 422)
    try:
        service.publish(access.host(), form.values(), now=utcnow())
    except schedules.NoProvider:
        db.session.rollback()
        form.video_provider.errors = [_("Choose a video provider, or connect one first.")]
        return _link(form, 422)
    db.session.commit()
    return htmx.redirect(url_for("setup.link"))


def _address_form() -> AddressForm:
    host = access.host()
    is_new = host.set_up_step == SetUpStep.ADDRESS and host.zone == "UTC"
    return AddressForm(host, is_known=not is_new)


def _week_form() -> WeekForm:
    form = WeekForm(data=WeekForm.of(service.first_hours(access.host())))
    form.now = utcnow()
    return form


def _first_form() -> FirstForm:
    """The form of the first schedule, filled with what needs no typing."""
    host = access.host()
    begins = Schedule(title=_("Intro call"), **service.place(host))
    shown = {"title": begins.title, **FirstForm.typed(begins)}
    form = FirstForm(has_video=service.video(host) is not None, data=shown)
    form.video_provider.choices = providers.choices(host, None)
    return form


def _address(form: AddressForm, status: int = 200) -> Response:
    return _page("setup/address.html", SetUpStep.ADDRESS, status, form=form)


def _week(form: WeekForm, status: int = 200) -> Response:
    shown = {"form": form, "weekdays": time_fields.weekdays()}
    return _page("setup/hours.html", SetUpStep.HOURS, status, "setup/_hours.html", **shown)


def _link(form: FirstForm, status: int = 200) -> Response:
    return _page("setup/first.html", SetUpStep.LINK, status, form=form)


def _made(schedule: Schedule) -> Response:
    return _page("setup/link.html", SetUpStep.LINK, schedule=schedule)


def _page(
    template: str, step: SetUpStep, status: int = 200, fragment: str = "", **context: Any
) -> Response:
    """A step's page; htmx gets the fragment, where there is one."""
    context |= {"step": step, "title": TITLES[step]}
    if fragment:
        return htmx.render(template, fragment, status, **context)
    return Response(render_template(template, **context), status)
