"""What a booker types. These forms need no session: see the package."""

from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import ListWidget

from bookme.bookings.asking import countries, questions
from bookme.bookings.asking.form import AskingForm
from bookme.bookings.asking.phone import PhoneField
from bookme.bookings.asking.reading import LONGEST_NAME, line, text
from bookme.models import Schedule
from bookme.public.carried import Carried
from bookme.public.offers import length_in
from bookme.public.reader import Reader
from bookme.public.sent import Sent, reading
from bookme.web.fields import Form, InstantField, at_most, visible

_NAME_MISSING = _l("Enter your name.")
_FILLED = ("name", "email", "phone", "notes")


class BookerForm(Form):
    class Meta:
        csrf = False


class BookingForm(AskingForm):
    """What somebody types who books for themselves."""

    class Meta:
        csrf = False

    # Without words of their own these would be given some, in the reader's language.
    zone = HiddenField("")
    clock = HiddenField("")
    minutes = HiddenField("")
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
    phone = PhoneField(
        _l("Your phone number"), validators=[DataRequired(_l("Enter your phone number."))]
    )

    @classmethod
    def of(
        cls, schedule: Schedule, reader: Reader, carried: Carried | None = None, **values: Any
    ) -> Self:
        """The form of a schedule, with its questions.

        :param carried: what to fill in.
        """
        prefill = carried.prefill if carried is not None else {}
        typed: dict[str, Any] = {name: prefill[name][0] for name in _FILLED if name in prefill}
        typed |= {"guests": "\n".join(prefill["guests"])} if "guests" in prefill else {}
        return cls.asking(
            schedule,
            country=countries.country_of(reader.zone, reader.locale),
            **typed,
            **questions.filled(schedule, prefill),
            **values,
        )

    def place_cursor(self) -> None:
        """Have the page begin in the first field that is wrong, in the notice above where something
        else is wrong, else in the first empty field.
        """
        asked = [one for one in self if getattr(one.widget, "input_type", "") != "hidden"]
        here = next((one for one in asked if one.errors), None)
        self.begins_above = here is None and bool(self.errors)
        if not self.begins_above:
            here = here or next((one for one in asked if not one.data), None)
        if here is not None:
            _begin_in(here)

    def sent(self, reader: Reader, carried: Carried) -> Sent | None:
        """What it was sent with, if nothing of it is wrong."""
        if not self.validate_on_submit() or self.starts_at.data is None:
            return None
        booker = self.asked(**reading(reader, carried))
        return Sent(
            self.starts_at.data, length_in(self.minutes.data), self.form_key.data or "", booker
        )


def _begin_in(field: Field) -> None:
    """Give a field the focus; of a group of choices, the first of them."""
    if isinstance(field.widget, ListWidget):
        field.begins = True  # for the macro: its other attributes are those of every choice
    else:
        field.render_kw = {"autofocus": True}


class MoveForm(BookerForm):
    starts_at = InstantField(validators=[InputRequired(_l("Choose a time."))])


class CancelForm(BookerForm):
    reason = TextAreaField(_l("Reason"), filters=[text], validators=[Optional(), at_most(1000)])
