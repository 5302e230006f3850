"""What a host types for a single-use link."""

from flask_babel import lazy_gettext as _l

from bookme.schedules.sections.fields import DAYS, Whole, whole_if_any
from bookme.web.fields import Form


class LinkForm(Form):
    days = Whole(_l("Expires after (days)"), validators=whole_if_any(1, 365, DAYS))
