"""The forms of the Connections page: an Apple ID, and which calendars are used for what."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from bookme.providers.facts import Password
from bookme.web.fields import Form

_SERVER = re.compile(r"[a-z]+://|caldav\.|[^@]*\.icloud\.com(/|$)", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s:]+@[^@\s:]+\.[^@\s:]+")


class PasswordForm(Form):
    """The name of an account, and a password made for BookMe.

    :param asked: what the provider takes.
    """

    username = EmailField(
        _l("E-mail address of your Apple Account"),
        [InputRequired(_l("Enter the e-mail address of your Apple Account.")), Length(max=254)],
    )
    password = PasswordField(
        _l("App-specific password"),
        [InputRequired(_l("Enter an app-specific password.")), Length(max=100)],
    )
    replace = BooleanField(_l("Use this account instead of the one that's connected"))

    def __init__(self, asked: Password, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._asked = asked

    def validate_username(self, field: Any) -> None:
        field.data = field.data.strip()
        if _SERVER.match(field.data):
            raise ValidationError(
                _(
                    "That's the address of a server. Enter the e-mail address of your Apple "
                    "Account; we use it to find your calendars."
                )
            )
        if not _ADDRESS.fullmatch(field.data):
            raise ValidationError(_("Enter an e-mail address, such as name@example.com."))

    def validate_password(self, field: Any) -> None:
        try:
            field.data = self._asked.tidy(field.data)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class CheckedForm(Form):
    """:param choices: (calendar id, name) of one connection."""

    checked = SelectMultipleField(
        _l("Check for conflicts"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.checked.choices = choices


class BookingCalendarForm(Form):
    """:param choices: (calendar id, name) of all connections; 0 stands for none."""

    calendar = RadioField(_l("Add bookings to"), coerce=int)

    def __init__(self, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.calendar.choices = choices
