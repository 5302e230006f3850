"""What to show on a site and how, and the sites that may."""

from collections.abc import Iterable
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice as Choice

from bookme.embedding import sites
from bookme.embedding.snippet import Theme, Way
from bookme.models import Schedule
from bookme.typed import cut
from bookme.web.fields import Form, OneOf, at_most
from bookme.web.language_choice import own_name

WAYS = {
    Way.INLINE: _l("In the page"),
    Way.BUTTON: _l("A link or button that opens a dialog"),
    Way.FLOATING: _l("A button that stays in the corner"),
}
THEMES = {
    Theme.SITE: _l("As the site"),
    Theme.LIGHT: _l("Light"),
    Theme.DARK: _l("Dark"),
}


class SnippetForm(Form):
    """Sent by GET, so that the address says what is shown.

    :param schedules: those there are to choose from.
    """

    schedule = OneOf(_l("What to show"))
    way = OneOf(_l("How to show it"), choices=[Choice(*one) for one in WAYS.items()])
    theme = OneOf(_l("Colours"), choices=[Choice(*one) for one in THEMES.items()])
    language = OneOf(_l("Language"))
    text = StringField(_l("Text of the link"), validators=[at_most(80)])

    class Meta:
        csrf = False

    def __init__(self, arguments: Any, schedules: Iterable[Schedule]) -> None:
        super().__init__(arguments)
        titles = [Choice(one.slug, one.title) for one in schedules]
        self.schedule.choices = [Choice("", _("All schedules on your page")), *titles]
        spoken = [Choice(name, own_name(name)) for name in current_app.config["LANGUAGES"]]
        self.language.choices = [Choice("", _("Each visitor’s own")), *spoken]
        self.way.data = self.way.data or Way.INLINE
        self.theme.data = self.theme.data or Theme.SITE
        self.text.data = (self.text.data or "").strip() or _("Book an appointment")


class SitesForm(Form):
    """The list as it is typed, a site a line."""

    sites = TextAreaField(_l("Sites"), validators=[at_most(8000)])

    def validate_sites(self, field: Field) -> None:
        named = sites.typed(field.data or "")
        if len(named) > sites.MOST:
            most = sites.MOST
            said = ngettext("Enter at most %(num)s site.", "Enter at most %(num)s sites.", most)
            raise ValidationError(said)
        for one in named:
            try:
                sites.origin(one)
            except ValueError:
                raise ValidationError(_refusal(cut(one, 60))) from None

    @property
    def origins(self) -> list[str]:
        """What was typed, as origins; once it is checked."""
        return [sites.origin(one) for one in sites.typed(self.sites.data or "")]


def _refusal(typed: str) -> str:
    if typed.lower().startswith("http://"):
        return _(
            "“%(typed)s” isn’t secure. Enter an address that begins with https, such as "
            "https://example.com.",
            typed=typed,
        )
    return _(
        "“%(typed)s” isn’t the address of a site. Enter one such as https://example.com.",
        typed=typed,
    )
