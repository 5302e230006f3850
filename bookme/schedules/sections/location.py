"""Where it takes place, and how its meetings are made."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import InputRequired

from bookme.models import Caller, LocationKind, Schedule
from bookme.providers.registry import meeting_options
from bookme.schedules.sections.fields import strip
from bookme.schedules.sections.section import Section
from bookme.web.fields import at_most

AS_IN_ACCOUNT = [
    Choice("", _l("As in my Zoom account")),
    Choice("on", _l("On")),
    Choice("off", _l("Off")),
]
_CHOICES = {"": None, "on": True, "off": False}


class LocationSection(Section):
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
    address = TextAreaField(_l("Address"), filters=[strip], validators=[at_most(500)])
    caller = RadioField(
        _l("Who calls?"),
        choices=[
            Choice(Caller.HOST.value, _l("I call the booker")),
            Choice(Caller.BOOKER.value, _l("The booker calls me")),
        ],
        default=Caller.HOST.value,
    )
    phone = StringField(_l("Your phone number"), filters=[strip], validators=[at_most(120)])

    def validate_address(self, field: Field) -> None:
        if self.location_kind.data == LocationKind.IN_PERSON and not field.data:
            raise ValidationError(_("Enter the address."))

    def validate_phone(self, field: Field) -> None:
        calls = self.location_kind.data == LocationKind.PHONE and self.caller.data == Caller.BOOKER
        if calls and not field.data:
            raise ValidationError(
                _("Enter the number that the booker calls, such as +44 20 7946 0018.")
            )

    def meeting_options(self) -> list[tuple[Field, str]]:
        """What can be chosen for the meetings: fields, each with a line of help."""
        return [(self[option.name], option.help) for option in meeting_options()]

    @property
    def has_meeting_options(self) -> bool:
        """Whether any of them is set, or wrong."""
        return any(field.data or field.errors for field, _ in self.meeting_options())

    def values(self) -> dict[str, Any]:
        chosen = {field.name: _CHOICES[field.data] for field, _ in self.meeting_options()}
        return {
            "location_kind": LocationKind(self.location_kind.data),
            "video_provider": self.video_provider.data or None,
            "address": self.address.data,
            "caller": Caller(self.caller.data),
            "phone": self.phone.data,
            "meeting_options": {k: value for k, value in chosen.items() if value is not None},
        }

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        shown = {None: "", True: "on", False: "off"}
        options = schedule.meeting_options or {}
        return {
            "location_kind": schedule.location_kind.value,
            "video_provider": schedule.video_provider or "",
            "caller": (schedule.caller or Caller.HOST).value,
            **{one.name: shown[options.get(one.name)] for one in meeting_options()},
        }


for _option in meeting_options():
    setattr(LocationSection, _option.name, SelectField(_option.label, choices=AS_IN_ACCOUNT))
