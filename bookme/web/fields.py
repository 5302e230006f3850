"""What the forms of several features need: their base, fields, filters and checks."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from babel import support
from flask_babel import LazyString, format_decimal, get_locale, lazy_ngettext
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.i18n import messages_path
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from bookme import characters
from bookme.web.words import SOURCE


class Form(FlaskForm):
    """The base of all forms: no text that was typed gets past it with control characters.

    A password may have them, since it is hashed and never kept; and what is hidden is not typed, so
    whoever reads it checks it.
    """

    class Meta:
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Field:
            field = unbound_field.bind(form=form, **options)
            unchecked = PasswordField | HiddenField
            if isinstance(field, StringField) and not isinstance(field, unchecked):
                field.validators = [_plain, *field.validators]
            return field

        def get_translations(self, _form: Any) -> Any:
            """WTForms' own words; its package reads their file for each request."""
            return _of_wtforms(str(get_locale() or SOURCE))


@cache
def _of_wtforms(locale: str) -> Any:
    """At most one for each language that BookMe speaks."""
    return support.Translations.load(messages_path(), [locale], domain="wtforms")


def at_most(count: int) -> Length:
    """A check of how long a text is."""
    said = lazy_ngettext(
        "Enter at most %(most)s character.",
        "Enter at most %(most)s characters.",
        count,
        most=LazyString(format_decimal, count),
    )
    return Length(max=count, message=said)


def visible(message: str) -> Any:
    """A check that refuses what nobody can see, such as a name of zero-width spaces."""

    def check(_form: Any, field: Field) -> None:
        if not characters.is_visible(field.data or ""):
            raise ValidationError(message)

    return check


def _plain(_form: Any, field: Field) -> None:
    text = field.data if isinstance(field.data, str) else ""
    one_line = not isinstance(field, TextAreaField)
    if characters.has_control(text) or (one_line and len(text.splitlines()) > 1):
        raise ValidationError(
            _("This contains a character that can’t be saved. Type the text instead of pasting it.")
        )


class DayInAddress(DateField):
    """A date or none, as an address may have it, refused in words that say what to enter."""

    data: date | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not any(valuelist):
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(_("Enter a date, such as 2027-12-24.")) from None
        if self.data and not 1970 <= self.data.year < 2200:
            self.data = None
            raise ValueError(_("Enter a date between 1970 and 2199."))


class OneOf(SelectField):
    """One of a few, or nothing; what is none of them is refused in words that say what to do."""

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {choice.value for choice in self.iter_choices()}:
            raise ValidationError(_("Choose one of these."))


class InstantField(Field):
    """An aware date-time in UTC, carried by the form as ISO 8601: ``2026-03-30T07:00:00Z``."""

    widget = HiddenInput()

    def _value(self) -> str:
        return f"{self.data:%Y-%m-%dT%H:%M:%SZ}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not valuelist or not valuelist[0]:
            return
        try:
            self.data = instant_in(valuelist[0])
        except ValueError:
            raise ValueError(_("Enter a time, such as 09:30.")) from None


def instant_in(text: str) -> datetime:
    """The instant that an address or a form names, in UTC.

    :raises ValueError: if it names none, or one so far away that some zone has no date for it.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or not 1970 <= at.year < 2200:
        raise ValueError(text)
    return at.astimezone(UTC)
