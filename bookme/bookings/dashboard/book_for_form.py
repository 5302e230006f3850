"""What a host types who books for somebody."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from bookme import addresses
from bookme.bookings.asking import guests, questions
from bookme.bookings.asking.reading import line, text
from bookme.bookings.new import Booker
from bookme.models import Caller, LocationKind, Schedule, User
from bookme.web.fields import Form, InstantField, at_most, visible
from bookme.web.numbers import Whole

_NAME_MISSING = _l("Enter their name.")
_NOT_A_KEY = re.compile("[^0-9a-f]")


class BookForForm(Form):
    """Turns what the host typed into a :class:`~bookme.bookings.new.Booker`."""

    starts_at = InstantField(validators=[InputRequired(_l("Choose a time."))])
    form_key = HiddenField()
    anywhere = HiddenField()
    minutes = Whole(widget=HiddenInput())
    name = StringField(
        _l("Name"),
        filters=[line],
        validators=[DataRequired(_NAME_MISSING), visible(_NAME_MISSING), at_most(100)],
    )
    email = EmailField(
        _l("E-mail address"),
        filters=[line],
        validators=[DataRequired(_l("Enter their e-mail address, such as ana@example.com."))],
    )
    phone = StringField(_l("Phone number"), filters=[line], validators=[at_most(40)])
    guests = TextAreaField(_l("Guests"), filters=[text])
    notes = TextAreaField(_l("Notes"), filters=[text], validators=[at_most(2000)])

    schedule: Schedule

    @classmethod
    def of(
        cls,
        schedule: Schedule,
        starts_at: datetime | None = None,
        *,
        minutes: int | None = None,
        anywhere: bool = False,
    ) -> "BookForForm":
        """The form of a schedule, with its questions, none of which the host has to answer: a phone
        number is asked for only where the host calls, guests where there may be some.
        """
        asked = type("BookForForm", (cls,), questions.fields(schedule, by_host=True))
        form: BookForForm = asked(
            starts_at=starts_at, minutes=minutes, anywhere="yes" if anywhere else ""
        )
        form.schedule = schedule
        for name in ("guests", "notes"):  # as on the page
            form._fields[name] = form._fields.pop(name)
        if not schedule.max_guests:
            del form.guests
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

    def validate_guests(self, field: Field) -> None:
        guests.read(field.data, self._email(), most=self.schedule.max_guests)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse what the schedule doesn't ask, too."""
        fine = super().validate(extra_validators)
        self.form_errors += questions.surplus(self)
        if "guests" not in self and request.form.get("guests", "").strip():
            self.form_errors.append(_("Guests can't be added to this appointment."))
        return bool(fine) and not self.form_errors

    def _email(self) -> str:
        try:
            return addresses.folded(self.email.data or "", public=True)
        except ValueError:
            return ""

    def booker(self, host: User) -> Booker:
        """Who is booked for. How they read times nobody knows, so it is as the host does."""
        named = self.guests.data if "guests" in self else ""
        email = self._email()
        return Booker(
            name=self.name.data,
            email=email,
            zone=host.zone,
            locale=host.locale,
            clock_hours=host.clock_hours,
            phone=self.phone.data if "phone" in self else "",
            notes=self.notes.data,
            answers=questions.answers(self.schedule, self),
            guests=guests.read(named, email, most=self.schedule.max_guests),
        )
