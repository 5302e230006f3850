"""What a booker types. These forms need no session: see the package."""

import re
from typing import Any
from uuid import uuid4

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional, Regexp

from bookme import addresses
from bookme.bookings.asking import guests, questions
from bookme.bookings.asking.reading import line, long, text
from bookme.bookings.service import Booker
from bookme.models import Caller, LocationKind, Schedule
from bookme.public.carried import Carried
from bookme.public.reader import Reader
from bookme.web.fields import Form, InstantField, visible

_NAME_MISSING = _l("Enter your name.")
_ONE_LINE = ("name", "email", "phone")
_NOT_A_KEY = re.compile("[^0-9a-f]")


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
        filters=[line],
        validators=[DataRequired(_NAME_MISSING), visible(_NAME_MISSING), long(100)],
    )
    email = StringField(
        _l("Your e-mail address"),
        filters=[line],
        validators=[DataRequired(_l("Enter your e-mail address, such as ana@example.com."))],
    )
    phone = StringField(
        _l("Your phone number"),
        filters=[line],
        validators=[
            DataRequired(_l("Enter your phone number, such as +351 210 000 000.")),
            long(40),
            Regexp(
                r"^\D*(\d\D*){5,}$",
                message=_l("Enter a phone number, such as +351 210 000 000."),
            ),
        ],
    )
    guests = TextAreaField(_l("Guests"), filters=[text], validators=[Optional()])
    notes = TextAreaField(_l("Notes"), filters=[text], validators=[Optional(), long(2000)])

    schedule: Schedule

    @classmethod
    def of(cls, schedule: Schedule, carried: Carried | None = None, **values: Any) -> "BookingForm":
        """The form of a schedule, with its questions: the phone number is asked for only where the
        host calls, guests where there may be some.

        Without a usable key it gets a random one, by which the form sent twice is known.

        :param carried: what to fill in.
        """
        prefill = carried.prefill if carried is not None else {}
        typed = {name: prefill[name][0] for name in _ONE_LINE if name in prefill}
        typed |= {"guests": "\n".join(prefill["guests"])} if "guests" in prefill else {}
        asked = type("BookingForm", (cls,), questions.fields(schedule))
        form = asked(**typed, **questions.filled(schedule, prefill), **values)
        form.schedule = schedule
        for name in ("guests", "notes"):  # as on the page, also where what is wrong is summed up
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

    def booker(self, reader: Reader, carried: Carried) -> Booker:
        """Who books, how they read times, and where they came from."""
        brought = self.guests.data if "guests" in self else ""
        email = self._email()
        return Booker(
            name=self.name.data,
            email=email,
            zone=reader.zone,
            locale=reader.locale,
            clock_hours=reader.hours,
            phone=self.phone.data if "phone" in self else "",
            notes=self.notes.data,
            answers=questions.answers(self.schedule, self),
            source=dict(carried.source),
            guests=guests.read(brought, email, most=self.schedule.max_guests),
        )


class MoveForm(BookerForm):
    starts_at = InstantField(validators=[InputRequired(_l("Choose a time."))])


class CancelForm(BookerForm):
    reason = TextAreaField(_l("Reason"), filters=[text], validators=[Optional(), long(1000)])
