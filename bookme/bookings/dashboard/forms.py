"""What a host types on a booking's page."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from bookme.web.fields import Form, InstantField, at_most


class MoveForm(Form):
    starts_at = InstantField(validators=[InputRequired(_l("Choose a time."))])


class DeclineForm(Form):
    reason = TextAreaField(
        _l("Your words to the booker"),
        filters=[lambda text: (text or "").strip()],
        validators=[at_most(1000)],
    )


class CancelForm(Form):
    reason = TextAreaField(
        _l("Reason"),
        filters=[lambda text: (text or "").strip()],
        validators=[at_most(1000)],
    )
