"""Connections, Settings: the default video provider, and when calendar files ring."""

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access
from bookme.accounts.access import login_required
from bookme.connections import providers, usage
from bookme.connections.page import video_options
from bookme.extensions import db
from bookme.settings import service
from bookme.settings.forms import AlarmForm, DefaultProviderForm
from bookme.web import htmx
from bookme.web.filters import provider_label

bp = Blueprint("settings", __name__, url_prefix="/connections/settings")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """The default video provider and who follows it, and when calendar files ring."""
    return _page(_form())


@bp.post("")
@login_required
def save() -> ResponseReturnValue:
    """Set the default, or say why it cannot be."""
    form = _form()
    if not form.validate_on_submit():
        form.default_video_provider.errors = [_refusal()]
        return _page(form, status=422)
    provider = form.default_video_provider.data or None
    service.set_default_provider(access.host(), provider)
    db.session.commit()
    flash(_saved(provider), "good")
    return htmx.redirect(url_for("settings.index"))


@bp.post("/alarm")
@login_required
def save_alarm() -> ResponseReturnValue:
    """Set when calendar files ring."""
    form = AlarmForm(access.host())
    if not form.validate_on_submit():
        form.alarm_minutes.errors = [_("Choose one of these.")]
        return _page(_form(), alarm=form, fragment="settings/_alarm.html", status=422)
    service.set_alarm(access.host(), form.minutes)
    db.session.commit()
    flash(_alarm_saved(form.minutes), "good")
    return htmx.redirect(url_for("settings.index"))


def _alarm_saved(minutes: int | None) -> str:
    if minutes is None:
        return _("New calendar files have no alert.")
    return _("New calendar files have your alert.")


def _saved(provider: str | None) -> str:
    if provider is None:
        return _("You no longer have a default video provider.")
    name = provider_label(provider)
    return _("Your default video provider is now %(provider)s.", provider=name)


def _form() -> DefaultProviderForm:
    host = access.host()
    choices = [(name, provider_label(name)) for name in service.offered(host)]
    current = video_options.default(host) or ""
    return DefaultProviderForm(
        [*choices, ("", _("None: each schedule names its own"))],
        data={"default_video_provider": current},
    )


def _refusal() -> str:
    asked = request.form.get("default_video_provider", "")
    for one in video_options.options(access.host()):
        if one.name == asked:
            if one.is_connected:
                return one.note
            name = providers.label(one.connection)
            return _("Connect %(account)s first. Then you can make it your default.", account=name)
    return _("Choose one of these.")


def _page(
    form: DefaultProviderForm,
    alarm: AlarmForm | None = None,
    fragment: str = "settings/_default_provider.html",
    status: int = 200,
) -> Response:
    host = access.host()
    options = video_options.options(host)
    return htmx.render(
        "settings/index.html",
        fragment,
        status,
        form=form,
        alarm=alarm or AlarmForm(host, formdata=None),
        notes={one.name: one.note for one in options},
        to_connect=[one.label for one in options if one.can_connect],
        unable=[one for one in options if one.is_connected and not one.can_meet],
        followers=usage.schedules_following(host),
    )
