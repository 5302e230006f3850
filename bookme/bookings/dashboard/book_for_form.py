"""What a host types who books for somebody."""

from datetime import datetime
from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import HiddenInput

from bookme.bookings.asking import countries
from bookme.bookings.asking.form import AskingForm
from bookme.bookings.asking.phone import PhoneField
from bookme.bookings.asking.reading import LONGEST_NAME, line
from bookme.bookings.new import Booker
from bookme.models import Schedule, User
from bookme.web.fields import at_most, visible
from bookme.web.numbers import Whole

_NAME_MISSING = _l("Enter their name.")


class BookForForm(AskingForm):
    """Turns what the host typed into a :class:`~bookme.bookings.new.Booker`."""

    anywhere = HiddenField()
    minutes = Whole(widget=HiddenInput())
    name = StringField(
        _l("Name"),
        filters=[line],
        validators=[DataRequired(_NAME_MISSING), visible(_NAME_MISSING), at_most(LONGEST_NAME)],
    )
    email = EmailField(
        _l("E-mail address"),
        filters=[line],
        validators=[DataRequired(_l("Enter their e-mail address, such as ana@example.com."))],
    )
    phone = PhoneField(_l("Phone number"), validators=[Optional()])

    @classmethod
    def of(
        cls,
        schedule: Schedule,
        starts_at: datetime | None = None,
        *,
        minutes: int | None = None,
        anywhere: bool = False,
    ) -> Self:
        """The form of a schedule; the host has to answer none of its questions."""
        return cls.asking(
            schedule,
            country=countries.country_of(schedule.host.zone, schedule.host.locale),
            by_host=True,
            starts_at=starts_at,
            minutes=minutes,
            anywhere="yes" if anywhere else "",
        )

    def booker(self, host: User) -> Booker:
        """Who is booked for. How they read times nobody knows, so it is as the host does."""
        return self.asked(zone=host.zone, locale=host.locale, clock_hours=host.clock_hours)
