"""What a booker types. These forms need no session: see the package."""

import re
from typing import Any
from uuid import uuid4

from flask_babel import LazyString, format_decimal, lazy_ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from bookme import addresses
from bookme.bookings.service import Booker
from bookme.characters import seen
from bookme.models import Caller, LocationKind, Schedule
from bookme.public.reader import Reader
from bookme.web.fields import Form, InstantField, visible

_NAME_MISSING = _l("Enter your name.")
_NOT_A_KEY = re.compile("[^0-9a-f]")


def _text(text: str | None) -> str:
    return seen((text or "").replace("\r\n", "\n").replace("\r", "")).strip()


def _line(text: str | None) -> str:
    return " ".join(_text(text).split())


def _long(most: int) -> Length:
    number = LazyString(format_decimal, most)
    message = lazy_ngettext(
        "Enter at most %(most)s character.", "Enter at most %(most)s characters.", most, most=number
    )
    return Length(max=most, message=message)


class BookerForm(Form):
    class Meta:
        csrf = False


class BookingForm(BookerForm):
    """Turns what was typed into a :class:`~bookme.bookings.service.Booker`."""

    # InputRequired keeps the parse error; DataRequired would throw it away.
    starts_at = InstantField(validators=[InputRequired(_l("Choose a time."))])
    form_key = HiddenField()
    zone = HiddenField()
    clock = HiddenField()
    minutes = HiddenField()
    name = StringField(
        _l("Your name"),
        filters=[_line],
        validators=[DataRequired(_NAME_MISSING), visible(_NAME_MISSING), _long(100)],
    )
    email = StringField(
        _l("Your e-mail address"),
        filters=[_line],
        validators=[DataRequired(_l("Enter your e-mail address, such as ana@example.com."))],
    )
    phone = StringField(
        _l("Your phone number"),
        filters=[_line],
        validators=[
            DataRequired(_l("Enter your phone number, such as +351 210 000 000.")),
            _long(40),
            Regexp(
                r"^\D*(\d\D*){5,}$",
                message=_l("Enter a phone number, such as +351 210 000 000."),
            ),
        ],
    )
    notes = TextAreaField(_l("Notes"), filters=[_text], validators=[Optional(), _long(2000)])

    @classmethod
    def of(cls, schedule: Schedule, **values: Any) -> "BookingForm":
        """The form of a schedule: the phone number is asked for only where the host calls.

        Without a usable key it gets a random one, by which the form sent twice is known.
        """
        form = cls(**values)
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

    def booker(self, reader: Reader) -> Booker:
        """Who books, and how they read times."""
        return Booker(
            name=self.name.data,
            email=addresses.folded(self.email.data, public=True),
            zone=reader.zone,
            locale=reader.locale,
            clock_hours=reader.hours,
            phone=self.phone.data if "phone" in self else "",
            notes=self.notes.data,
        )


class MoveForm(BookerForm):
    starts_at = InstantField(validators=[InputRequired(_l("Choose a time."))])


class CancelForm(BookerForm):
    reason = TextAreaField(_l("Reason"), filters=[_text], validators=[Optional(), _long(1000)])
