"""What a host says of themselves to bookers."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FileField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from bookme import characters
from bookme.accounts.fields import stripped
from bookme.errors import Busy
from bookme.face import colours
from bookme.face.pictures import MOST_BYTES, NotAPicture, Squares, Wrong, squares
from bookme.web.fields import Form, at_most

#: What the radio says for BookMe's colour, and for one that is typed.
OURS, OWN = "", "own"
_NAMES = (
    _l("Blue"),
    _l("Teal"),
    _l("Green"),
    _l("Gold"),
    _l("Orange"),
    _l("Red"),
    _l("Purple"),
    _l("Slate"),
)


def _visible(typed: str | None) -> str:
    """What was typed; nothing where a reader would see nothing of it."""
    text = stripped(typed)
    return text if characters.is_visible(text) else ""


class FaceForm(Form):
    """The whole of it; the picture is sent along, and what is wrong with it leaves the rest."""

    picture = FileField(_l("Picture"))
    without = BooleanField(_l("Remove the picture"))
    headline = StringField(_l("Headline"), filters=[_visible], validators=[at_most(120)])
    welcome = TextAreaField(_l("Welcome"), filters=[_visible], validators=[at_most(1000)])
    is_searchable = BooleanField(_l("Let search engines list my pages"))
    colour = RadioField(_l("Colour"), default=OURS)
    own = StringField(_l("Your own colour"), filters=[stripped])

    #: What was uploaded, drawn anew; None if nothing was.
    squares: Squares | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.colour.choices = [
            SelectChoice(OURS, _("Standard")),
            *(SelectChoice(*one) for one in zip(colours.PALETTE, _NAMES, strict=True)),
            SelectChoice(OWN, _("Another one")),
        ]

    @property
    def accent(self) -> str | None:
        """The colour that was chosen, as ``#rrggbb``; None: BookMe's."""
        chosen = _folded(self.own.data) if self.colour.data == OWN else self.colour.data
        return chosen or None

    def validate_picture(self, field: Field) -> None:
        file = getattr(field.data, "stream", None)
        uploaded = file.read(MOST_BYTES + 1) if file is not None else b""
        if len(uploaded) > MOST_BYTES:
            raise ValidationError(_refusals(Wrong.TOO_LARGE))
        if uploaded:
            try:
                self.squares = squares(uploaded)
            except NotAPicture as error:
                raise ValidationError(_refusals(error.why)) from error
            except Busy as error:
                raise ValidationError(
                    _("We’re busy with other pictures. Choose yours again in a moment.")
                ) from error

    def validate_own(self, field: Field) -> None:
        if self.colour.data == OWN and not colours.is_colour(_folded(field.data)):
            raise ValidationError(_("Enter a colour as six digits, such as #2f6bdb."))


def _folded(typed: str | None) -> str:
    """A colour as people write them: ``2F6BDB``, ``#26d``."""
    digits = (typed or "").strip().lower().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * one for one in digits)
    return f"#{digits}"


def _refusals(why: Wrong) -> str:
    return {
        Wrong.HEIC: _(
            "Browsers can’t show HEIC pictures. Save it as JPEG, or take a screenshot of it, and "
            "choose that."
        ),
        Wrong.UNKNOWN: _("We can’t read this file. Choose a JPEG, PNG, WebP or GIF picture."),
        Wrong.BROKEN: _("This picture is damaged. Save it again, and choose the new file."),
        Wrong.TOO_LARGE: _(
            "This picture is too large. Choose one of at most 8 MB, and 4,000 by 3,000 pixels if "
            "it isn’t a JPEG."
        ),
        Wrong.TOO_SMALL: _("This picture is too small. Choose one of at least 64 by 64 pixels."),
    }[why]
