"""What is offered: title, address, description, length."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from bookme.models import Schedule
from bookme.schedules.sections.fields import MINUTES, strip, whole
from bookme.schedules.sections.lengths import LengthField, LengthsField, few_enough
from bookme.schedules.sections.section import Section
from bookme.web.fields import at_most, visible

_TITLE_MISSING = _l("Enter a title, such as Intro call.")


class WhatSection(Section):
    title = StringField(
        _l("Title"),
        filters=[strip],
        validators=[DataRequired(_TITLE_MISSING), visible(_TITLE_MISSING), at_most(120)],
    )
    duration_minutes = LengthField(_l("Length"), validators=whole(5, 1440, MINUTES))
    other_lengths = LengthsField(_l("Other lengths"), validators=[few_enough])
    description = TextAreaField(_l("Description"), filters=[strip], validators=[at_most(4000)])
    slug = StringField(_l("Page address"), filters=[strip], validators=[at_most(60)])

    def validate_slug(self, field: Field) -> None:
        if field.data and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", field.data):
            raise ValidationError(
                _("Use lower-case letters, digits and single hyphens, such as intro-call.")
            )

    def values(self) -> dict[str, Any]:
        names = ("title", "slug", "description", "duration_minutes")
        return {name: self[name].data for name in names} | {"durations": self.lengths()}

    def lengths(self) -> list[int]:
        """All lengths that can be chosen, in order, as far as they are sound."""
        usual = self.duration_minutes.data
        return sorted({*(self.other_lengths.data or []), *([usual] if usual else [])})

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        lengths = schedule.durations or []
        return {"other_lengths": [one for one in lengths if one != schedule.duration_minutes]}
