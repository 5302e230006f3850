"""Fields of every kind, sound and wrong."""

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput

from bookme.web.fields import Form

_NEEDED = InputRequired("This is needed.")


class Window(PlainForm):
    """A row of a list."""

    opens = StringField("From", validators=[_NEEDED])


class Sample(Form):
    """One field of each kind."""

    class Meta:
        csrf = False

    starts_at = HiddenField(validators=[InputRequired("Choose a time.")])
    text = StringField("Text", validators=[_NEEDED])
    email = EmailField("E-mail", validators=[_NEEDED])
    password = PasswordField("Password", validators=[_NEEDED])
    number = IntegerField("Number", validators=[_NEEDED])
    notice = IntegerField("A number with a unit", validators=[_NEEDED])
    unit = SelectField("Unit of the number", choices=["minutes", "hours", "days"])
    on = DateField("Date", validators=[_NEEDED])
    at = TimeField("Time", validators=[_NEEDED])
    words = TextAreaField("Several lines", validators=[_NEEDED])
    select = SelectField("One of many", choices=["Europe/Berlin", "Asia/Tokyo"])
    zone = SelectField("One of very many", choices=["Europe/Berlin", "Asia/Tokyo"])
    file = FileField("File")
    tick = BooleanField("I agree to what is said here", validators=[_NEEDED])
    one = RadioField("One of few", choices=["Video Meeting", "Phone"], validators=[_NEEDED])
    several = SelectMultipleField(
        "Several",
        choices=["Design", "Engineering", "The board"],
        option_widget=CheckboxInput(),
        validators=[_NEEDED],
    )
    windows = FieldList(FormField(Window), min_entries=1)


def failed(prefix: str) -> Sample:
    """The form as it comes back with everything wrong."""
    form = Sample(MultiDict({f"{prefix}select": "Mars", f"{prefix}zone": "Mars"}), prefix=prefix)
    form.validate()
    form.form_errors = ["That time was just taken."]
    return form
