"""The forms of the Connections settings."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from bookme.models import User
from bookme.web.fields import Form
from bookme.web.filters import duration

#: How long before the start a calendar file may ring, in minutes; besides, at it and a day before.
ALARMS = (5, 10, 15, 30, 60, 120)


class DefaultProviderForm(Form):
    """:param choices: (value, label), the empty value for none."""

    default_video_provider = RadioField(_l("Default Video Provider"), validate_choice=True)

    def __init__(self, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.default_video_provider.choices = choices


class AlarmForm(Form):
    """When calendar files ring. Nothing chosen leaves it to each reader's calendar."""

    alarm_minutes = SelectField(_l("Alert in calendar files"))

    def __init__(self, host: User, **kwargs: Any) -> None:
        now = "" if host.alarm_minutes is None else str(host.alarm_minutes)
        super().__init__(data={"alarm_minutes": now}, **kwargs)
        self.alarm_minutes.choices = [
            ("", _("No alert")),
            ("0", _("At the start")),
            *((str(one), _("%(length)s before", length=duration(one))) for one in ALARMS),
            ("1440", _("1 day before")),
        ]

    @property
    def minutes(self) -> int | None:
        return int(self.alarm_minutes.data) if self.alarm_minutes.data else None
