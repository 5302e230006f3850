"""The form of an appointment schedule."""

import re
from contextlib import suppress
from typing import Any

from flask_babel import LazyString, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from bookme.accounts import zones
from bookme.models import Caller, LocationKind, Schedule
from bookme.providers.registry import meeting_options
from bookme.schedules import hours
from bookme.web.fields import Form, at_most, visible

_TITLE_MISSING = _l("Enter a title, such as Intro call.")
_MINUTES = _l("Enter a whole number of minutes from %(low)s to %(high)s.")
_DAYS = _l("Enter a whole number of days from %(low)s to %(high)s.")
_NUMBER = _l("Enter a whole number from %(low)s to %(high)s.")
UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
UNIT_CHOICES = [
    Choice("minutes", _l("minutes")),
    Choice("hours", _l("hours")),
    Choice("days", _l("days")),
]
AS_IN_ACCOUNT = [
    Choice("", _l("As in my Zoom account")),
    Choice("on", _l("On")),
    Choice("off", _l("Off")),
]
CHOICES = {"": None, "on": True, "off": False}


def _strip(text: str | None) -> str:
    return (text or "").strip()


def _whole(low: int, high: int, sentence: LazyString) -> list[Any]:
    words = LazyString(lambda: sentence % {"low": low, "high": format_decimal(high)})
    return [InputRequired(words), NumberRange(low, high, message=words)]


class Whole(IntegerField):
    """A whole number; what is not one gets the words of the range check."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        with suppress(ValueError):
            super().process_formdata(valuelist)


class ScheduleForm(Form):
    """Turns what the host typed into the columns of a schedule (:meth:`values`)."""

    title = StringField(
        _l("Title"),
        filters=[_strip],
        validators=[DataRequired(_TITLE_MISSING), visible(_TITLE_MISSING), at_most(120)],
    )
    slug = StringField(_l("Page address"), filters=[_strip], validators=[at_most(60)])
    description = TextAreaField(_l("Description"), filters=[_strip], validators=[at_most(4000)])
    location_kind = RadioField(
        _l("Location"),
        choices=[
            Choice(LocationKind.VIDEO.value, _l("Video Meeting")),
            Choice(LocationKind.IN_PERSON.value, _l("In person")),
            Choice(LocationKind.PHONE.value, _l("Phone")),
        ],
        validators=[InputRequired(_l("Choose where it takes place."))],
    )
    video_provider = SelectField(_l("Video provider"))
    address = TextAreaField(_l("Address"), filters=[_strip], validators=[at_most(500)])
    caller = RadioField(
        _l("Who calls?"),
        choices=[
            Choice(Caller.HOST.value, _l("I call the booker")),
            Choice(Caller.BOOKER.value, _l("The booker calls me")),
        ],
        default=Caller.HOST.value,
    )
    phone = StringField(_l("Your phone number"), filters=[_strip], validators=[at_most(120)])
    duration_minutes = Whole(_l("Length in minutes"), validators=_whole(5, 1440, _MINUTES))
    step_minutes = Whole(_l("Minutes between start times"), validators=_whole(5, 1440, _MINUTES))
    zone = SelectField(_l("Time zone"), validate_choice=False)
    windows = hours.Rows(hours.HoursForm, _l("Opening hours"))
    overrides = hours.Rows(hours.OverrideForm, _l("Dates with other hours"))
    buffer_before_minutes = Whole(
        _l("Buffer before, in minutes"), validators=_whole(0, 1440, _MINUTES)
    )
    buffer_after_minutes = Whole(
        _l("Buffer after, in minutes"), validators=_whole(0, 1440, _MINUTES)
    )
    notice = Whole(_l("Minimum notice (hours or days)"), validators=_whole(0, 10_000, _NUMBER))
    notice_unit = SelectField(_l("Unit"), choices=UNIT_CHOICES)
    horizon_days = Whole(_l("How many days ahead"), validators=_whole(1, 730, _DAYS))
    max_per_day = Whole(_l("Daily limit"), validators=[Optional(), *_whole(1, 1000, _NUMBER)[1:]])
    max_per_week = Whole(_l("Weekly limit"), validators=[Optional(), *_whole(1, 1000, _NUMBER)[1:]])

    def offer_zones(self, current: str) -> None:
        """List the zones by region, the current one among them."""
        self.zone.choices = [
            Choice(name, words, optgroup=region)
            for region, cities in zones.choices(current).items()
            for name, words in cities
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check everything, so that all that is wrong is said at once."""
        fine = super().validate(extra_validators)
        week = hours.check_week(entry.form for entry in self.windows)
        dates = hours.check_overrides(entry.form for entry in self.overrides)
        for rows in (self.windows, self.overrides):  # what was found in them just now
            rows.errors = [entry.errors for entry in rows if entry.errors]
        return fine and week and dates

    def validate_slug(self, field: Field) -> None:
        if field.data and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", field.data):
            raise ValidationError(
                _("Use lower-case letters, digits and single hyphens, such as intro-call.")
            )

    def validate_zone(self, field: Field) -> None:
        if not zones.is_zone(field.data):
            raise ValidationError(_("Choose a time zone from the list."))

    def validate_address(self, field: Field) -> None:
        if self.location_kind.data == LocationKind.IN_PERSON and not field.data:
            raise ValidationError(_("Enter the address."))

    def validate_phone(self, field: Field) -> None:
        calls = self.location_kind.data == LocationKind.PHONE and self.caller.data == Caller.BOOKER
        if calls and not field.data:
            raise ValidationError(
                _("Enter the number that the booker calls, such as +44 20 7946 0018.")
            )

    def values(self) -> dict[str, Any]:
        """The columns of a schedule, once the form is valid."""
        plain = ("title", "slug", "description", "zone", "address", "phone", "horizon_days")
        numbers = ("duration_minutes", "step_minutes", "max_per_day", "max_per_week")
        buffers = ("buffer_before_minutes", "buffer_after_minutes")
        return {name: self[name].data for name in (*plain, *numbers, *buffers)} | {
            "location_kind": LocationKind(self.location_kind.data),
            "video_provider": self.video_provider.data or None,
            "caller": Caller(self.caller.data),
            "notice_minutes": self.notice.data * UNITS[self.notice_unit.data],
            "week": hours.week_of(entry.form for entry in self.windows),
            "overrides": hours.overrides_of(entry.form for entry in self.overrides),
            "meeting_options": self._chosen_options(),
        }

    def meeting_options(self) -> list[tuple[Field, str]]:
        """What can be chosen for the meetings: fields, each with a line of help."""
        return [(self[option.name], option.help) for option in meeting_options()]

    @property
    def has_meeting_options(self) -> bool:
        """Whether any of them is set, or wrong."""
        return any(field.data or field.errors for field, _ in self.meeting_options())

    def _chosen_options(self) -> dict[str, bool]:
        chosen = {field.name: CHOICES[field.data] for field, _ in self.meeting_options()}
        return {name: value for name, value in chosen.items() if value is not None}


for _option in meeting_options():
    setattr(ScheduleForm, _option.name, SelectField(_option.label, choices=AS_IN_ACCOUNT))


def typed(schedule: Schedule) -> dict[str, Any]:
    """A schedule as the form shows it."""
    unit = next(u for u in ("days", "hours", "minutes") if schedule.notice_minutes % UNITS[u] == 0)
    shown = {None: "", True: "on", False: "off"}
    columns = {column.key: getattr(schedule, column.key) for column in Schedule.__table__.columns}
    return columns | {
        "location_kind": schedule.location_kind.value,
        "video_provider": schedule.video_provider or "",
        "caller": (schedule.caller or Caller.HOST).value,
        "notice": schedule.notice_minutes // UNITS[unit],
        "notice_unit": unit if schedule.notice_minutes else "hours",
        "windows": hours.week_rows(schedule.week),
        "overrides": hours.override_rows(schedule.overrides),
        **{o.name: shown[(schedule.meeting_options or {}).get(o.name)] for o in meeting_options()},
    }
