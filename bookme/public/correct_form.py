"""What a booker had entered, in a form that corrects it."""

from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Optional

from bookme import addresses
from bookme.bookings import own
from bookme.bookings.asking import correcting, countries, guests
from bookme.bookings.asking.form import asks_for_phone
from bookme.bookings.asking.phone import PhoneField
from bookme.bookings.asking.questions import PREFIX
from bookme.bookings.asking.reading import LONGEST_NAME, LONGEST_NOTES, line, text
from bookme.bookings.new import Guest
from bookme.bookings.own import Correction
from bookme.clock import utcnow
from bookme.models import Attendee, Booking
from bookme.public.forms import BookerForm
from bookme.web.fields import at_most, visible

_NAME_MISSING = _l("Enter your name.")


class CorrectForm(BookerForm):
    name = StringField(
        _l("Your name"),
        filters=[line],
        validators=[DataRequired(_NAME_MISSING), visible(_NAME_MISSING), at_most(LONGEST_NAME)],
    )
    email = StringField(
        _l("Your e-mail address"),
        filters=[line],
        validators=[DataRequired(_l("Enter your e-mail address, such as ana@example.com."))],
    )
    phone = PhoneField(_l("Your phone number"))
    guests = TextAreaField(_l("Guests"), filters=[text], validators=[Optional()])
    notes = TextAreaField(
        _l("Notes"), filters=[text], validators=[Optional(), at_most(LONGEST_NOTES)]
    )

    booking: Booking
    booker: Attendee

    @classmethod
    def of(cls, booking: Booking) -> Self:
        """The form of a booking whose booker is known, with what was asked and answered."""
        booker = booking.booker
        assert booker is not None
        asked = correcting.fields(booking.schedule, booker.answers)
        form: Self = type(cls.__name__, (cls,), asked)(
            name=booker.name,
            email=booker.new_email or booker.email,
            phone=booker.phone,
            notes=booker.notes,
            guests="\n".join(_written(guest) for guest in booking.guests),
            **correcting.filled(booking.schedule, booker.answers),
        )
        form.booking, form.booker = booking, booker
        for name in ("guests", "notes"):  # as on the page, where errors are listed
            form._fields[name] = form._fields.pop(name)
        if not form.most_guests:
            del form.guests
        form._ask_for_phone()
        return form

    def _ask_for_phone(self) -> None:
        is_needed = asks_for_phone(self.booking)
        if not is_needed and not self.booker.phone:
            del self.phone
        else:
            check = DataRequired(_("Enter your phone number.")) if is_needed else Optional()
            self.phone.validators = [check, *self.phone.validators]
        for field in self:
            if isinstance(field, PhoneField):
                field.begin(countries.country_of(self.booker.zone, self.booker.locale))

    @property
    def asked(self) -> list[Field]:
        """The fields of what the host asks."""
        return [field for field in self if field.name.startswith(PREFIX)]

    def validate_email(self, field: Field) -> None:
        try:
            folded = addresses.folded(field.data, public=True)
        except ValueError:
            raise ValidationError(_("Enter an e-mail address, such as ana@example.com.")) from None
        if folded in self._guest_addresses():
            raise ValidationError(_("This is a guest’s address. Enter your own."))

    def validate_guests(self, field: Field) -> None:
        there = {guest.email for guest in self.booking.guests}
        named = self._guests()
        if not own.is_to_come(self.booking, utcnow()) and {one.email for one in named} - there:
            raise ValidationError(_("You can only remove guests now: this booking is over."))

    def _guest_addresses(self) -> set[str]:
        typed = guests.addresses_in(self.guests.data or "") if "guests" in self else ()
        return set(typed) - {self.booker.email}

    @property
    def most_guests(self) -> int:
        """How many there may be: as many as there are, also where a schedule takes fewer by now."""
        return max(self.booking.schedule.max_guests, len(self.booking.guests))

    def _guests(self) -> tuple[Guest, ...]:
        typed = self.guests.data if "guests" in self else ""
        return guests.read(typed or "", self.booker.email, most=self.most_guests)

    @property
    def new_email(self) -> str:
        """The address that is to be confirmed; empty if it stays as it is."""
        folded = addresses.folded(self.email.data or "", public=True)
        return folded if folded != self.booker.email else ""

    @property
    def correction(self) -> Correction:
        """All else, as it should be."""
        phone: Any = self.phone.data if "phone" in self else ""
        return Correction(
            name=self.name.data or "",
            phone=phone or "",
            notes=self.notes.data or "",
            guests=self._guests(),
            answers=correcting.answers(self.booking.schedule, self.booker.answers, self),
        )


def _written(guest: Attendee) -> str:
    """A guest as somebody names them in the form."""
    is_named = guest.name != guest.email.partition("@")[0]
    return f"{guest.name} <{guest.email}>" if is_named else guest.email
