"""What a host ticks and chooses to copy times for a mail. It stands in the address."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice as Choice

from bookme.accounts import zones
from bookme.models import Schedule
from bookme.web.fields import DayInAddress, Form, OneOf, instant_in
from bookme.web.language_choice import own_name
from bookme.web.words import spoken

#: More times than these nobody reads in a mail.
MOST = 30


class Instants(Field):
    """Instants that were ticked; what is none is left out."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [at for text in valuelist[: 2 * MOST] if (at := _instant(text)) is not None]


class TimesForm(Form):
    """:ivar since: the first day that is shown."""

    at = Instants()
    since = DayInAddress()
    zone = SelectField(_l("Their time zone"))
    language = OneOf(_l("Their language"))

    class Meta:
        csrf = False

    def __init__(self, arguments: "MultiDict[str, str]", schedule: Schedule) -> None:
        host = schedule.host
        super().__init__(arguments)
        if not zones.is_zone(self.zone.data):
            self.zone.data = host.zone
        self.zone.choices = {
            region: [Choice(*city) for city in cities]
            for region, cities in zones.choices(self.zone.data).items()
        }
        there = current_app.config["LANGUAGES"]
        self.language.choices = [Choice(one, own_name(one)) for one in there]
        if self.language.data not in there:
            own = spoken(host.locale, there)
            self.language.data = own if own in there else own.partition("_")[0]

    def validate_at(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Tick at least one time."))
        if len(field.data) > MOST:
            raise ValidationError(_("Tick at most %(most)s times.", most=MOST))

    @property
    def starts(self) -> list[datetime]:
        return sorted(set(self.at.data or []))

    def arguments(self, minutes: int, starts: list[datetime] | None = None) -> dict[str, Any]:
        """What stands in the address of the mail's text."""
        return {
            "at": [f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in (starts or self.starts)],
            "minutes": minutes,
            "zone": self.zone.data,
            "language": self.language.data,
        }


def _instant(text: str) -> datetime | None:
    try:
        return instant_in(text)
    except ValueError:
        return None
