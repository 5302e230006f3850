"""Fields that several forms of an account share."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, ValidationError
from wtforms.validators import InputRequired, Length

from bookme import addresses
from bookme.accounts import passwords


def stripped(text: str | None) -> str:
    """A filter: no blanks around what was typed."""
    return (text or "").strip()


class Address(EmailField):
    """An e-mail address. ``data`` stays as typed; ``folded`` is what BookMe keeps."""

    folded = ""

    def __init__(self, label: str, **kwargs: Any) -> None:
        kwargs.setdefault("filters", [stripped])
        kwargs.setdefault("validators", [InputRequired(_l("Enter your e-mail address."))])
        kwargs["validators"] = [*kwargs["validators"], Length(max=254)]
        kwargs.setdefault("render_kw", {"autocomplete": "email"})
        super().__init__(label, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped:
            return
        try:
            self.folded = addresses.folded(self.data)
        except ValueError:
            raise ValidationError(_("Enter an e-mail address, such as name@example.com.")) from None


def _not_easy(form: Any, field: Any) -> None:
    about = (str(form[name].data or "") for name in ("name", "email") if name in form)
    if passwords.is_easy(field.data, *about):
        raise ValidationError(
            _(
                "This password has leaked somewhere, or is much like one that has. Choose another, "
                "such as four words that don’t belong together."
            )
        )


class NewPassword(PasswordField):
    """A password being chosen. Never shown again, so a form with other errors asks for it anew."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        wrong = _l(
            "Choose a password with %(shortest)s to %(longest)s characters.",
            shortest=passwords.SHORTEST,
            longest=passwords.LONGEST,
        )
        kwargs["validators"] = [
            InputRequired(wrong),
            Length(min=passwords.SHORTEST, max=passwords.LONGEST, message=wrong),
            _not_easy,
        ]
        kwargs.setdefault("render_kw", {"autocomplete": "new-password"})
        super().__init__(label, **kwargs)


class CurrentPassword(PasswordField):
    """The password of today, typed to show who is there."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        kwargs["validators"] = [
            InputRequired(_l("Enter your password.")),
            Length(max=passwords.LONGEST, message=_l("That isn't your password.")),
        ]
        kwargs.setdefault("render_kw", {"autocomplete": "current-password"})
        super().__init__(label, **kwargs)
