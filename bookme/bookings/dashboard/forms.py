"""What a host types on a booking's page."""

import re
from datetime import UTC, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from bookme import addresses
from bookme.bookings.new import Booker
from bookme.hours.rows import DAY, DayField, TimeOfDayField
from bookme.models import Booking, Caller, LocationKind, Schedule, User
from bookme.web.fields import Form, InstantField, at_most, visible
from bookme.web.numbers import Whole

_NAME_MISSING = _l("Enter their name.")
_NOT_A_KEY = re.compile("[^0-9a-f]")


def _strip(text: str | None) -> str:
    return (text or "").strip()


class MoveForm(Form):
    starts_at = InstantField(validators=[InputRequired(_l("Choose a time."))])


class CancelForm(Form):
    reason = TextAreaField(_l("Reason"), filters=[_strip], validators=[at_most(1000)])


class AskForm(Form):
    words = TextAreaField(_l("Your message"), filters=[_strip], validators=[at_most(1000)])
    then = RadioField(
        _l("Until they have picked another time"),
        choices=[
            Choice("keep", _l("Keep this booking")),
            Choice("cancel", _l("Cancel this booking now")),
        ],
        default="keep",
    )


class NotesForm(Form):
    notes = TextAreaField(_l("Your notes"), filters=[_strip], validators=[at_most(4000)])

    @classmethod
    def of(cls, booking: Booking) -> "NotesForm":
        """The form as it is at first."""
        return cls(formdata=None, notes=booking.booker.host_notes if booking.booker else "")


class AnyTimeForm(Form):
    """A date and a time that the schedule need not offer."""

    on = DayField(_l("Date"), validators=[InputRequired(_l("Enter a date, such as 2027-12-24."))])
    at = TimeOfDayField(
        _l("Time"), latest=DAY - 1, validators=[InputRequired(_l("Enter a time, such as 09:30."))]
    )

    def instant(self, zone: str) -> datetime | None:
        """The instant in a zone; None for one that the clock leaves out there."""
        at_clock = time(*divmod(self.at.data or 0, 60))
        local = datetime.combine(self.on.data, at_clock, ZoneInfo(zone))
        at = local.astimezone(UTC)
        if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.at.errors = [_("The clock is put forward then. Enter another time.")]
            return None
        return at


class BookForForm(Form):
    """Turns what the host typed into a :class:`~bookme.bookings.new.Booker`."""

    starts_at = InstantField(validators=[InputRequired(_l("Choose a time."))])
    form_key = HiddenField()
    anywhere = HiddenField()
    minutes = Whole(widget=HiddenInput())
    name = StringField(
        _l("Name"),
        filters=[_strip],
        validators=[DataRequired(_NAME_MISSING), visible(_NAME_MISSING), at_most(100)],
    )
    email = EmailField(
        _l("E-mail address"),
        filters=[_strip],
        validators=[DataRequired(_l("Enter their e-mail address, such as ana@example.com."))],
    )
    phone = StringField(_l("Phone number"), filters=[_strip], validators=[at_most(40)])
    notes = TextAreaField(_l("Notes"), filters=[_strip], validators=[at_most(2000)])

    @classmethod
    def of(
        cls,
        schedule: Schedule,
        starts_at: datetime | None = None,
        *,
        minutes: int | None = None,
        anywhere: bool = False,
    ) -> "BookForForm":
        """The form of a schedule: a phone number is asked for only where the host calls."""
        form = cls(starts_at=starts_at, minutes=minutes, anywhere="yes" if anywhere else "")
        if schedule.location_kind is not LocationKind.PHONE or schedule.caller is not Caller.HOST:
            del form.phone
        if len(form.form_key.data or "") != 32 or _NOT_A_KEY.search(form.form_key.data):
            form.form_key.data = uuid4().hex
        return form

    def validate_email(self, field: Field) -> None:
        try:
            addresses.folded(field.data, public=True)
        except ValueError:
            raise ValidationError(_("Enter an e-mail address, such as ana@example.com.")) from None

    def booker(self, host: User) -> Booker:
        """Who is booked for. How they read times nobody knows, so it is as the host does."""
        return Booker(
            name=self.name.data,
            email=addresses.folded(self.email.data, public=True),
            zone=host.zone,
            locale=host.locale,
            clock_hours=host.clock_hours,
            phone=self.phone.data if "phone" in self else "",
            notes=self.notes.data,
        )
