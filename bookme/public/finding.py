"""Links to all bookings under one e-mail address, sent there and shown to nobody."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, ValidationError
from wtforms.validators import DataRequired

from bookme import addresses, queue
from bookme.bookings.asking.reading import line
from bookme.bookings.messages import own_letters
from bookme.clock import utcnow
from bookme.errors import TooMuchMail
from bookme.extensions import db
from bookme.guard import mailing
from bookme.public.forms import BookerForm
from bookme.public.routes import bp
from bookme.web import htmx, limits, trap


class FindForm(BookerForm):
    email = StringField(
        _l("Your e-mail address"),
        filters=[line],
        validators=[DataRequired(_l("Enter your e-mail address, such as ana@example.com."))],
    )

    @property
    def folded(self) -> str:
        """The address in the form in which it is kept."""
        return addresses.folded(self.email.data or "", public=True)

    def validate_email(self, field: Field) -> None:
        try:
            addresses.folded(field.data, public=True)
        except ValueError:
            raise ValidationError(_("Enter an e-mail address, such as ana@example.com.")) from None


@bp.get("/booking/find")
def find() -> ResponseReturnValue:
    """Ask for the address."""
    return _page(FindForm())


@bp.post("/booking/find")
@limits.per_address("10/minute", "40/hour", "100/day")
def send_links() -> ResponseReturnValue:
    """Send the links if there are any; say the same if there are none."""
    form, now = FindForm(), utcnow()
    if not form.validate_on_submit():
        return _page(form, 422)
    if trap.is_caught():
        form.form_errors.append(trap.words())
        return _page(form, 422)
    try:
        mailing.take_for_account(form.folded, own=False, network=limits.network(), now=now)
    except TooMuchMail as error:
        db.session.rollback()
        wait = limits.wait_until(error.again_at)
        form.email.errors = [
            _("We’ve sent too many messages to this address. Try again in %(length)s.", length=wait)
        ]
        return _page(form, 429)
    letter = own_letters.owe_links(form.folded, str(get_locale()), now=now)
    db.session.commit()
    queue.hurry_email(letter.id)
    return htmx.redirect(url_for("public.links_sent"))


@bp.get("/booking/find/sent")
def links_sent() -> ResponseReturnValue:
    """Says that the links are on their way if there are any."""
    return render_template("public/links_sent.html")


def _page(form: FindForm, status: int = 200) -> ResponseReturnValue:
    return render_template("public/find.html", form=form), status
