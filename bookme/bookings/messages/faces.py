"""How a host looks in the mails to bookers: name, picture and colour."""

from dataclasses import dataclass

from bookme.face import colours
from bookme.face.links import picture_url
from bookme.models import User
from bookme.typed import Shown, own

#: The side of the picture in CSS pixels, as ``email/_head.html`` has it.
_SIDE = 44


@dataclass(frozen=True, slots=True)
class Face:
    """A host as a mail shows them.

    :ivar picture: the whole address of a square picture; None without one.
    :ivar button: the colour of buttons as ``#rrggbb``, and ``on_button`` that of their words, with
        contrast enough; the other two for dark mails. None: BookMe's own.
    """

    name: Shown
    picture: str | None = None
    button: str | None = None
    on_button: str | None = None
    dark_button: str | None = None
    on_dark_button: str | None = None


def face(host: User) -> Face:
    """A host's face."""
    name, picture = own(host.name), picture_url(host, _SIDE, external=True)
    if host.accent is None:
        return Face(name, picture)
    light, dark = colours.light(host.accent), colours.dark(host.accent)
    return Face(name, picture, light.accent, light.on, dark.accent, dark.on)
