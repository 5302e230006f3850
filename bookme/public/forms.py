"""What a booker types. These forms need no session: see the package."""

import re
from typing import Any
from uuid import uuid4

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from bookme.bookings.service import Booker
from bookme.fields import InstantField
from bookme.models import Caller, LocationKind, Schedule
from bookme.public.reader import Reader

#: Control characters, and those that turn the direction of what follows; PostgreSQL refuses the
#: first of all.
_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NOT_A_KEY = re.compile("[^0-9a-f]")


def _text(typed: str | None) -> str:
    return _UNSEEN.sub("", (typed or "").replace("\r\n", "\n")).strip()


def _line(typed: str | None) -> str:
    return " ".join(_text(typed).split())


def _long(most: int) -> Length:
    return Length(max=most, message=f"Keep it under {most:,} characters.")


class BookerForm(FlaskForm):
    class Meta:
        csrf = False


class BookingForm(BookerForm):
    """Turns what was typed into a :class:`~bookme.bookings.service.Booker`."""

    # InputRequired keeps the parse error; DataRequired would throw it away.
    starts_at = InstantField(validators=[InputRequired("Choose a time.")])
    form_key = HiddenField()
    zone = HiddenField()
    clock = HiddenField()
    name = StringField(
        "Your name", filters=[_line], validators=[DataRequired("Write your name."), _long(100)]
    )
    email = StringField(
        "Your e-mail address",
        filters=[_line],
        validators=[DataRequired("Write your e-mail address.")],
    )
    phone = StringField(
        "Your phone number",
        filters=[_line],
        validators=[
            DataRequired("Write the number to call you on."),
            _long(40),
            Regexp(r"^\D*(\d\D*){5,}$", message="Write a phone number, such as +351 210 000 000."),
        ],
    )
    notes = TextAreaField(
        "Anything to know beforehand?", filters=[_text], validators=[Optional(), _long(2000)]
    )

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
            validate_email(field.data, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            raise ValidationError("Write an e-mail address, such as ana@example.com.") from None

    def booker(self, reader: Reader) -> Booker:
        """Who books, and how they read times."""
        address = validate_email(self.email.data, check_deliverability=False, allow_smtputf8=False)
        return Booker(
            name=self.name.data,
            email=address.ascii_email or address.normalized,
            zone=reader.zone,
            locale=reader.locale,
            clock_hours=reader.hours,
            phone=self.phone.data if "phone" in self else "",
            notes=self.notes.data,
        )


class MoveForm(BookerForm):
    starts_at = InstantField(validators=[InputRequired("Choose a time.")])


class CancelForm(BookerForm):
    reason = TextAreaField("Reason", filters=[_text], validators=[Optional(), _long(1000)])
