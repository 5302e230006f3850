"""A host's data: taking it along, and having the account deleted."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme import queue
from bookme.accounts import access, closing, proving
from bookme.accounts.blueprint import bp
from bookme.accounts.forms import DeleteForm
from bookme.accounts.routes.onward import hurry
from bookme.accounts.routes.refusals import busy
from bookme.clock import utcnow
from bookme.errors import Busy
from bookme.extensions import db
from bookme.web import htmx, limits

#: Coming bookings that the page lists; it says how many more there are.
MOST = 20


@bp.get("/account/data")
@access.login_required
def data() -> ResponseReturnValue:
    """What a host may do with all that BookMe keeps of them."""
    return _page(_form())


@bp.post("/account/delete")
@access.login_required
@limits.per_address("10/minute")
def delete() -> ResponseReturnValue:
    """Take the account down and have it deleted; coming bookings are cancelled only if agreed."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        host = proving.shown(form)
    except Busy:
        return busy(form, _page)
    if host is None:
        return _page(form, 422)
    email = closing.begin(host, now=utcnow())
    access.sign_out()
    db.session.commit()
    hurry(email)
    queue.hint(queue.Job.CLOSE_ACCOUNT, host.id)
    flash(_("Your account is being deleted. This takes an hour at most."), "good")
    return htmx.redirect(url_for("public.landing"))


def _form() -> DeleteForm:
    return DeleteForm(closing.count_coming(access.host(), now=utcnow()))


def _page(form: DeleteForm, status: int = 200) -> ResponseReturnValue:
    host = access.host()
    bookings = closing.coming(host, now=utcnow(), most=MOST)
    page = render_template("accounts/data.html", host=host, form=form, bookings=bookings)
    return page, status
