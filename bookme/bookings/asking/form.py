"""The form of a new booking, whoever fills it in: what both its forms ask and check alike."""

import re
from typing import Any, Self
from uuid import uuid4

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Optional

from bookme import addresses
from bookme.bookings.asking import guests, questions
from bookme.bookings.asking.phone import PhoneField
from bookme.bookings.asking.reading import LONGEST_NOTES, text
from bookme.bookings.new import Booker
from bookme.models import Booking, Caller, LocationKind, Schedule
from bookme.web.fields import Form, InstantField, at_most

_KEY = re.compile("[0-9a-f]{32}")


def new_key() -> str:
    """A random key, by which a form that is sent twice is known."""
    return uuid4().hex


def is_key(text: str) -> bool:
    """Whether forms have such a key."""
    return _KEY.fullmatch(text) is not None


def asks_for_phone(of: Schedule | Booking) -> bool:
    """Whether bookers are asked for their number: the host calls them."""
    return of.location_kind is LocationKind.PHONE and of.caller is Caller.HOST


class AskingForm(Form):
    """Turns what was typed into a :class:`~bookme.bookings.new.Booker`.

    Forms of it have ``name``, ``email`` and ``phone`` besides.
    """

    # InputRequired keeps the parse error; DataRequired would throw it away.
    starts_at = InstantField("", validators=[InputRequired(_l("Choose a time."))])
    form_key = HiddenField("")
    guests = TextAreaField(_l("Guests"), filters=[text], validators=[Optional()])
    notes = TextAreaField(
        _l("Notes"), filters=[text], validators=[Optional(), at_most(LONGEST_NOTES)]
    )

    name: StringField
    email: StringField
    phone: PhoneField
    schedule: Schedule

    @classmethod
    def asking(
        cls, schedule: Schedule, *, country: str, by_host: bool = False, **values: Any
    ) -> Self:
        """The form of a schedule, with its questions: the phone number is asked for only where the
        host calls, guests where there may be some.

        Without a usable key it gets a random one, by which the form sent twice is known.

        :param country: of phone numbers that name none.
        :param by_host: the host fills it in for somebody, who then has to answer nothing.
        """
        fields = questions.fields(schedule, by_host=by_host)
        made: type[Self] = type(cls.__name__, (cls,), fields) if fields else cls
        form = made(**values)
        form.schedule = schedule
        for name in ("guests", "notes"):  # as on the page, also where what is wrong is summed up
            form._fields[name] = form._fields.pop(name)
        if not schedule.max_guests:
            del form.guests
        if not asks_for_phone(schedule):
            del form.phone
        for field in form:
            if isinstance(field, PhoneField):
                field.begin(country)
        if not is_key(form.form_key.data or ""):
            form.form_key.data = new_key()
        return form

    def validate_email(self, field: Field) -> None:
        try:
            addresses.folded(field.data, public=True)
        except ValueError:
            raise ValidationError(_("Enter an e-mail address, such as ana@example.com.")) from None

    def validate_guests(self, field: Field) -> None:
        guests.read(field.data, self._email(), most=self.schedule.max_guests)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse what the schedule doesn't ask, too: nothing that was typed is lost unseen."""
        fine = super().validate(extra_validators)
        self.form_errors += questions.surplus(self)
        if "guests" not in self and request.form.get("guests", "").strip():
            self.form_errors.append(_("Guests can’t be added to this appointment."))
        return bool(fine) and not self.form_errors

    def _email(self) -> str:
        try:
            return addresses.folded(self.email.data or "", public=True)
        except ValueError:
            return ""

    def asked(self, **reading: Any) -> Booker:
        """Who books.

        :param reading: how they read times, and where they came from.
        """
        brought, email = self.guests.data if "guests" in self else "", self._email()
        return Booker(
            name=self.name.data or "",
            email=email,
            phone=(self.phone.data or "") if "phone" in self else "",
            notes=self.notes.data or "",
            answers=questions.answers(self.schedule, self),
            guests=guests.read(brought or "", email, most=self.schedule.max_guests),
            **reading,
        )
