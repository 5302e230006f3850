"""What somebody says of a page that misleads."""

from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from bookme import addresses
from bookme.accounts.fields import stripped
from bookme.accounts.paths import own_path
from bookme.models import ReportKind
from bookme.report.words import KINDS
from bookme.web.fields import Form, at_most

_LONGEST = 300


class ReportForm(Form):
    class Meta:
        csrf = False  # anybody may send it, and it acts for nobody

    page = StringField(
        _l("Page"), filters=[stripped], validators=[InputRequired(_l("Enter the page’s address."))]
    )
    kind = RadioField(
        _l("What’s wrong?"),
        choices=[SelectChoice(str(kind), words) for kind, words in KINDS.items()],
        validators=[InputRequired(_l("Choose one of these."))],
    )
    words = TextAreaField(
        _l("What did you see?"), filters=[stripped], validators=[Optional(), at_most(2000)]
    )
    email = EmailField(_l("Your e-mail address"), filters=[stripped], validators=[Optional()])

    #: The address in the form in which it is kept; empty if there is none.
    folded = ""

    @property
    def path(self) -> str:
        """The page on this site; empty for any other address."""
        parts = urlsplit(self.page.data or "")
        ours = urlsplit(current_app.config["PUBLIC_URL"]).netloc
        if parts.netloc not in ("", ours):
            return ""
        path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
        return own_path(path) or "" if len(path) <= _LONGEST else ""

    @property
    def why(self) -> ReportKind:
        return ReportKind(self.kind.data)

    def validate_page(self, _field: Field) -> None:
        try:
            path = self.path
        except ValueError:  # what looks like an address of IPv6 and is none
            path = ""
        if not path:
            raise ValidationError(_("Enter the address of a page on this site."))

    def validate_email(self, field: Field) -> None:
        try:
            self.folded = addresses.folded(field.data)
        except ValueError:
            raise ValidationError(_("Enter an e-mail address, such as name@example.com.")) from None
