"""What a host says of unwanted bookings."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from bookme.accounts.fields import stripped
from bookme.guard import blocks
from bookme.models import BlockKind
from bookme.web.fields import Form, at_most

_HOW_TO = _l("Enter an e-mail address, a domain such as example.com, or an IP address.")


class SenderField(StringField):
    """An address, a domain or a network; ``sender`` is what it names."""

    sender: tuple[BlockKind, str] | None = None

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        if validation_stopped or not self.data:
            return
        try:
            self.sender = blocks.read(self.data)
        except ValueError:
            raise ValidationError(str(_HOW_TO)) from None


class BlockForm(Form):
    sender = SenderField(
        _l("Address, domain or network"),
        filters=[stripped],
        validators=[InputRequired(_HOW_TO), at_most(254)],
    )


#: How far back a wave may have begun, in hours.
HOURS = (1, 3, 12, 24, 72, 168)


class WaveForm(Form):
    """Which bookings belong to a wave."""

    class Meta:
        csrf = False  # it is asked for by address, and changes nothing

    hours = SelectField(_l("Booked"), coerce=int, default=3)
    sender = SenderField(_l("From"), filters=[stripped], validators=[at_most(254)])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        words = {
            1: _("in the last hour"),
            3: _("in the last 3 hours"),
            12: _("in the last 12 hours"),
            24: _("in the last 24 hours"),
            72: _("in the last 3 days"),
            168: _("in the last 7 days"),
        }
        self.hours.choices = [SelectChoice(one, words[one]) for one in HOURS]

    @property
    def back(self) -> timedelta:
        """How far back to look."""
        return timedelta(hours=self.hours.data if self.hours.data in HOURS else 3)


class SourceForm(Form):
    """What of one booking to block."""

    what = RadioField(_l("What to block"), validators=[InputRequired(_l("Choose one of these."))])

    def offer(self, address: str, *, has_network: bool) -> None:
        """Put the choices that a booking leaves."""
        choices = []
        if address:
            domain = address.rpartition("@")[2]
            choices = [
                (BlockKind.ADDRESS, _("The address %(email)s", email=address)),
                (BlockKind.DOMAIN, _("Everyone at %(domain)s", domain=domain)),
            ]
        if has_network:
            choices.append((BlockKind.NETWORK, _("The network it was booked from")))
        self.what.choices = [SelectChoice(str(kind), words) for kind, words in choices]

    def validate_what(self, field: Field) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Choose one of these."))
