"""What a host types on a booking's page."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    RadioField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import InputRequired

from bookme.hours.time_fields import DAY, DayField, TimeOfDayField
from bookme.models import Booking
from bookme.web.fields import Form, InstantField, at_most


def _strip(text: str | None) -> str:
    return (text or "").strip()


class MoveForm(Form):
    starts_at = InstantField(validators=[InputRequired(_l("Choose a time."))])
    words = TextAreaField(_l("Your message"), filters=[_strip], validators=[at_most(1000)])


class AnswerForm(Form):
    """An answer to a request, and the start that the host was shown."""

    starts_at = InstantField()


class DeclineForm(AnswerForm):
    reason = TextAreaField(
        _l("Your words to the booker"),
        filters=[lambda text: (text or "").strip()],
        validators=[at_most(1000)],
    )


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
