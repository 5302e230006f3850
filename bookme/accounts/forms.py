"""The forms around an account."""

from typing import Any

from babel.lists import format_list
from flask import current_app
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
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

from bookme import characters, zone_names
from bookme.accounts import admission, handles, zones
from bookme.accounts.fields import Address, CurrentPassword, NewPassword, stripped
from bookme.accounts.proving import CodeField, ProvenForm
from bookme.web.fields import Form, visible
from bookme.web.language_choice import own_name
from bookme.web.words import spoken

#: How hosts read words, dates and numbers; each is offered where its language is spoken.
LOCALES = ("en_GB", "en_US", "de_DE", "de_AT", "de_CH")
CLOCKS = [
    SelectChoice("24", _l("24-hour, such as 14:30")),
    SelectChoice("12", _l("12-hour, such as 2:30 pm")),
]


def hosts_locales() -> list[str]:
    """Those of :data:`LOCALES` whose language is spoken to hosts."""
    there = current_app.config["HOST_LANGUAGES"]
    return [name for name in LOCALES if spoken(name, there, "")]


_NAME_MISSING = _l("Enter your name as bookers should see it.")


def _printable(_form: Any, field: Field) -> None:
    if not characters.is_line(str(field.data or "")):
        raise ValidationError(_("Leave out line breaks and invisible characters."))


def _name_field() -> Any:
    return StringField(
        _l("Your name"),
        filters=[stripped],
        validators=[
            InputRequired(_NAME_MISSING),
            visible(_NAME_MISSING),
            Length(min=1, max=100, message=_l("Use at most 100 characters.")),
            _printable,
        ],
        render_kw={"autocomplete": "name"},
    )


class NewAddress(Address):
    """The address of an account to be made: at one of some domains, where the operator says so."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        super().post_validate(form, validation_stopped)
        if self.folded and not admission.admits(self.folded):
            domains = format_list(admission.domains(), style="or", locale=get_locale())
            raise ValidationError(
                _("Use an address at %(domains)s. Only those can sign up here.", domains=domains)
            )


class SignUpForm(Form):
    name = _name_field()
    email = NewAddress(_l("E-mail"))
    password = NewPassword(_l("Password"))
    zone = HiddenField()  # filled in by zone.js; without it, or with nonsense in it, UTC

    @property
    def known_zone(self) -> str:
        return zone_names.today(self.zone.data) if zones.is_zone(self.zone.data) else "UTC"


class SignInForm(Form):
    email = Address(_l("E-mail"), render_kw={"autocomplete": "username"})
    password = CurrentPassword(_l("Password"))


class SecondStepForm(Form):
    code = CodeField(_l("Code"))


class PasskeyForm(Form):
    """What a passkey has answered; ``passkey.js`` fills it in."""

    passkey = HiddenField()


class IdentityForm(ProvenForm):
    """Shows who is there, and nothing else."""

    password = CurrentPassword(_l("Password"))


class AppForm(Form):
    """The first code of an authenticator app."""

    code = CodeField(_l("Code from the app"))


class NewPasskeyForm(PasskeyForm):
    name = StringField(
        _l("Name"),
        filters=[stripped],
        validators=[Length(max=60, message=_l("Use at most 60 characters.")), _printable],
        render_kw={"autocomplete": "off"},
    )


class OwnLinkForm(Form):
    """Behind the link of a mail: who presses the button shows that the account is theirs too."""

    password = CurrentPassword(_l("Password"))


class ForgotPasswordForm(Form):
    email = Address(_l("E-mail"))


class ResetPasswordForm(Form):
    password = NewPassword(_l("New password"))


class ProfileForm(Form):
    name = _name_field()
    handle = StringField(_l("Handle"), filters=[stripped])
    contact = StringField(
        _l("How to reach you"),
        filters=[stripped],
        validators=[Length(max=200, message=_l("Use at most 200 characters.")), _printable],
    )
    zone = SelectField(_l("Time zone"))
    locale = SelectField(_l("Language"))
    clock_hours = RadioField(_l("Clock"), coerce=int, choices=CLOCKS)

    def __init__(self, zone: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.locale is not None:  # the set-up leaves it as it is
            self.locale.choices = [(name, own_name(name)) for name in hosts_locales()]
        self.zone.choices = [
            SelectChoice(name, words, optgroup=region)
            for region, cities in zones.choices(zone).items()
            for name, words in cities
        ]

    def validate_handle(self, field: Field) -> None:
        wrong = handles.problem(field.data)
        if wrong:
            raise ValidationError(wrong)


class PasswordForm(ProvenForm):
    password_name = "current_password"

    current_password = CurrentPassword(_l("Current password"))
    new_password = NewPassword(_l("New password"))


class EmailForm(ProvenForm):
    new_email = Address(_l("New e-mail address"))
    password = CurrentPassword(_l("Password"))


class DeleteForm(ProvenForm):
    """:param coming: how many coming bookings go with the account."""

    agreed = BooleanField("")
    password = CurrentPassword(_l("Password"))

    def __init__(self, coming: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.coming = coming
        self.agreed.label.text = ngettext(
            "Cancel my %(num)s upcoming booking and tell the booker",
            "Cancel my %(num)s upcoming bookings and tell the bookers",
            coming,
        )

    def validate_agreed(self, field: Field) -> None:
        if self.coming and not field.data:
            raise ValidationError(
                _("We can only delete your account if its upcoming bookings are cancelled.")
            )
