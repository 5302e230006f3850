"""What bookers see of a host, and how times are shown to the host."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access, service
from bookme.accounts.blueprint import bp
from bookme.accounts.forms import ProfileForm
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.web import htmx


@bp.get("/account")
@access.login_required
def account() -> ResponseReturnValue:
    """The host's profile."""
    host = access.host()
    return _page(ProfileForm(host.zone, obj=host))


@bp.post("/account")
@access.login_required
def save_profile() -> ResponseReturnValue:
    """Change the profile, or show what is wrong."""
    host = access.host()
    form = ProfileForm(host.zone)
    if form.validate_on_submit():
        try:
            service.change_profile(
                host,
                name=form.name.data,
                handle=form.handle.data,
                contact=form.contact.data,
                zone=form.zone.data,
                locale=form.locale.data,
                clock_hours=form.clock_hours.data,
                now=utcnow(),
            )
        except service.HandleTaken:
            form.handle.errors.append(_("Another host has this handle. Choose another one."))
        else:
            db.session.commit()
            flash(_("Your profile is saved."), "good")
            return htmx.redirect(url_for("accounts.account"))
    return _page(form, 422)


def _page(form: ProfileForm, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/profile.html", form=form, host=access.host()), status
