"""What comes after booking: the host's own words, and a way on to another site."""

from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.widgets import CheckboxInput, ListWidget

from bookme.models import Schedule
from bookme.schedules.sections.fields import strip
from bookme.schedules.sections.section import Section
from bookme.web.fields import at_most


class AfterSection(Section):
    after_words = TextAreaField(
        _l("Message after booking"), filters=[strip], validators=[at_most(2000)]
    )
    redirect_url = StringField(
        _l("Address to continue to"), filters=[strip], validators=[at_most(500)]
    )
    redirect_passes = SelectMultipleField(
        _l("Add to this address"),
        choices=[
            Choice("reference", _l("Reference of the booking")),
            Choice("start", _l("Start time")),
            Choice("name", _l("Booker’s name")),
            Choice("email", _l("Booker’s e-mail address")),
            Choice("answers", _l("Booker’s answers")),
        ],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=True,
    )

    def validate_redirect_url(self, field: Field) -> None:
        if field.data and not _is_secure_address(field.data):
            raise ValidationError(
                _("Enter an address that begins with https://, such as https://example.com/thanks.")
            )

    def values(self) -> dict[str, Any]:
        names = ("after_words", "redirect_url", "redirect_passes")
        return {name: self[name].data for name in names}

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        return {"redirect_passes": schedule.redirect_passes or []}


def _is_secure_address(text: str) -> bool:
    """Whether it is an https address of some host, without anybody's password, and in the
    characters that addresses are made of.
    """
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - refuses what is no port
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>\\^`{|}")
    return bool(parts.scheme == "https" and parts.hostname and "@" not in parts.netloc and plain)
