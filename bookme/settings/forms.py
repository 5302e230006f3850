"""The form of the Connections settings."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from bookme.web.fields import Form


class DefaultProviderForm(Form):
    """:param choices: (value, label), the empty value for none."""

    default_video_provider = RadioField(_l("Default Video Provider"), validate_choice=True)

    def __init__(self, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.default_video_provider.choices = choices
