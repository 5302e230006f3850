"""What a host types on a booking's page."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from bookme.web.fields import Form, InstantField


class MoveForm(Form):
    starts_at = InstantField(validators=[InputRequired("Choose a time.")])


class CancelForm(Form):
    reason = TextAreaField(
        "Reason",
        filters=[lambda text: (text or "").strip()],
        validators=[Length(max=1000, message="Keep it under 1,000 characters.")],
    )
