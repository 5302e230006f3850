"""The forms around an account."""

from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length

from bookme import characters
from bookme.accounts import handles, zones
from bookme.accounts.fields import Address, CurrentPassword, NewPassword, stripped
from bookme.web.fields import Form, visible

LOCALES = [
    SelectChoice("en_GB", "English (United Kingdom)"),
    SelectChoice("en_US", "English (United States)"),
]
CLOCKS = [
    SelectChoice("24", "24 hours, such as 14:30"),
    SelectChoice("12", "12 hours, such as 2:30 pm"),
]


_NAME_MISSING = "Please type your name, as bookers should see it."


def _printable(_form: Any, field: Field) -> None:
    if not characters.is_line(str(field.data or "")):
        raise ValidationError("Please leave out line breaks and invisible characters.")


def _name_field() -> Any:
    return StringField(
        "Your name",
        filters=[stripped],
        validators=[
            InputRequired(_NAME_MISSING),
            visible(_NAME_MISSING),
            Length(min=1, max=100, message="A name has 1 to 100 characters."),
            _printable,
        ],
        render_kw={"autocomplete": "name"},
    )


class SignUpForm(Form):
    name = _name_field()
    email = Address("E-mail")
    password = NewPassword("Password")
    zone = HiddenField()  # filled in by zone.js; without it, or with nonsense in it, UTC

    @property
    def known_zone(self) -> str:
        return self.zone.data if zones.is_zone(self.zone.data) else "UTC"


class SignInForm(Form):
    email = Address("E-mail", render_kw={"autocomplete": "username"})
    password = CurrentPassword("Password")


class OwnLinkForm(Form):
    """Behind the link of a mail: who presses the button shows that the account is theirs too."""

    password = CurrentPassword("Password")


class ForgotPasswordForm(Form):
    email = Address("E-mail")


class ResetPasswordForm(Form):
    password = NewPassword("New password")


class ProfileForm(Form):
    name = _name_field()
    handle = StringField("Handle", filters=[stripped])
    zone = SelectField("Time zone")
    locale = SelectField("Language", choices=LOCALES)
    clock_hours = RadioField("Clock", coerce=int, choices=CLOCKS)

    def __init__(self, zone: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.zone.choices = [
            SelectChoice(name, words, optgroup=region)
            for region, cities in zones.choices(zone).items()
            for name, words in cities
        ]

    def validate_handle(self, field: Field) -> None:
        wrong = handles.problem(field.data)
        if wrong:
            raise ValidationError(wrong)


class PasswordForm(Form):
    current_password = CurrentPassword("Current password")
    new_password = NewPassword("New password")


class EmailForm(Form):
    new_email = Address("New e-mail address")
    password = CurrentPassword("Password")


class DeleteForm(Form):
    """:param coming: how many coming bookings go with the account."""

    agreed = BooleanField("")
    password = CurrentPassword("Password")

    def __init__(self, coming: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.coming = coming
        bookings = "booking and tell the booker"
        if coming != 1:
            bookings = f"{coming} bookings and tell the bookers"
        self.agreed.label.text = f"Cancel my coming {bookings}"

    def validate_agreed(self, field: Field) -> None:
        if self.coming and not field.data:
            raise ValidationError(
                "The account can only be deleted when its coming bookings are cancelled."
            )
