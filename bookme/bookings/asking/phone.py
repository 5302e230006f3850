"""Phone numbers as people write them, and as they are kept: ``+351 912 345 678``."""

import re
from typing import Any

import phonenumbers
from flask_babel import gettext as _
from markupsafe import Markup
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType
from wtforms import Field, StringField, ValidationError
from wtforms.widgets import TelInput, html_params

from bookme.bookings.asking import countries
from bookme.bookings.asking.reading import line
from bookme.web.fields import at_most

#: Before the name of a number's field: the name of the country beside it.
COUNTRY = "country-"


class _WithCountry(TelInput):
    """A list of countries, and beside it the number."""

    def __call__(self, field: "PhoneField", **attributes: Any) -> Markup:
        filled_in_by = "off" if attributes.get("autocomplete") == "off" else "country"
        of_list = html_params(
            name=COUNTRY + field.name,
            id=COUNTRY + field.id,
            autocomplete=filled_in_by,
            aria_label=_("Country of the phone number"),
        )
        listed = Markup("").join(
            Markup('<option value="{}"{}>{}</option>').format(
                code, Markup(" selected") if code == field.country else "", words
            )
            for code, words in countries.choices()
        )
        attributes.setdefault("inputmode", "tel")
        attributes.setdefault("dir", "ltr")
        number = super().__call__(field, **attributes)
        return Markup('<div class="phone"><select {}>{}</select>{}</div>').format(
            Markup(of_list), listed, number
        )


class PhoneField(StringField):
    """A number of the country beside it, or one with a country's code of its own."""

    widget = _WithCountry()

    def __init__(self, *given: Any, validators: Any = (), **more: Any) -> None:
        checks = [*validators, at_most(40), _exists]
        super().__init__(*given, filters=[line], validators=checks, **more)
        self.country = ""

    def process(self, formdata: Any, *given: Any, **more: Any) -> None:
        super().process(formdata, *given, **more)
        chosen = formdata.get(COUNTRY + self.name) if formdata else None
        if countries.is_country(chosen):
            self.country = chosen

    def begin(self, country: str) -> None:
        """Name the number's country, where nobody has: the one of its own code, else this."""
        if not self.country:
            written = _parsed(self.data or "", "")
            own = phonenumbers.region_code_for_number(written) if written else None
            self.country = own if countries.is_country(own) else country


def _exists(_form: Any, field: Field) -> None:
    """Refuse what is nobody's number; write any other as its country is called from abroad."""
    assert isinstance(field, PhoneField)
    number = _number(field.data or "", field.country)
    if number is None:
        raise ValidationError(
            _("Enter a phone number, such as %(example)s.", example=_example(field.country))
        )
    field.data = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _number(typed: str, country: str) -> phonenumbers.PhoneNumber | None:
    """The number that somebody has; 00 may stand for + also where they dial it otherwise."""
    found = _parsed(typed, country), _parsed(re.sub(r"^\s*00", "+", typed), country)
    return next((one for one in found if one and phonenumbers.is_valid_number(one)), None)


def _parsed(typed: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(typed, country or None)
    except NumberParseException:
        return None


def _example(country: str) -> str:
    """A number such as that country has, of nobody."""
    found = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    found = found or phonenumbers.example_number(country)
    return phonenumbers.format_number(found, PhoneNumberFormat.INTERNATIONAL) if found else "+…"
