"""The forms of the set-up: parts of those that the dashboard has for the same."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, StringField
from wtforms.validators import DataRequired

from bookme.accounts.fields import stripped
from bookme.accounts.forms import ProfileForm
from bookme.hours.section import HoursFields
from bookme.models import LocationKind, User
from bookme.schedules.sections.fields import strip
from bookme.schedules.sections.location import LocationSection
from bookme.web.fields import at_most, visible

_TITLE_MISSING = _l("Enter a title, such as Intro call.")


class AddressForm(ProfileForm):
    """The address of the host's page, and the zone.

    :param is_known: whether the host's zone is more than what everybody begins with; if it isn't,
        none is chosen, so that the browser says it or the host does.
    """

    name = contact = locale = clock_hours = None
    handle = StringField(_l("Page address"), filters=[stripped])

    def __init__(self, host: User, *, is_known: bool) -> None:
        zone = host.zone if is_known else ""
        super().__init__(host.zone, data={"handle": host.handle, "zone": zone})
        self.zone.validators = [DataRequired(_("Choose your time zone."))]
        if not is_known:
            self.zone.choices.insert(0, SelectChoice("", _("Choose your time zone")))


class WeekForm(HoursFields):
    """The week alone: zone and dates stay as they are."""

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) & self.check_hours()


class FirstForm(LocationSection):
    """The first schedule: what it's called, and where it takes place.

    :param has_video: whether meetings can be made for it.
    """

    title = StringField(
        _l("Title"),
        filters=[strip],
        validators=[DataRequired(_TITLE_MISSING), visible(_TITLE_MISSING), at_most(120)],
    )

    def __init__(self, *, has_video: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not has_video:
            every = self.location_kind.choices
            self.location_kind.choices = [c for c in every if c.value != LocationKind.VIDEO.value]

    def values(self) -> dict[str, Any]:
        return {"title": self.title.data, **super().values()}
