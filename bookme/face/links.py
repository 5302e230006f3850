"""Where the parts of a host's face are found. What an address names never changes: a new picture
or colour has another one.
"""

from bookme.accounts.links import address, path
from bookme.face.decoding import LARGE, SMALL
from bookme.models import User

__all__ = ["DIGITS", "LARGE", "SMALL", "accent_url", "picture_url"]

#: As much of a picture's digest stands in its address.
DIGITS = 16


def picture_url(host: User, size: int, *, external: bool = False) -> str | None:
    """The address of a host's picture; None if there is none.

    :param size: the side of the square that it is shown in, in CSS pixels: the picture found there
        has two for each, where there is one so large.
    :param external: the whole address, for mails.
    """
    if host.picture is None:
        return None
    make = address if external else path
    return make(
        "face.picture",
        handle=host.handle,
        digest=host.picture.digest[:DIGITS],
        size=str(SMALL if 2 * size <= SMALL else LARGE),
    )


def accent_url(accent: str) -> str:
    """The address of the style sheet of a colour.

    :param accent: as ``#rrggbb``.
    """
    return path("face.accent", digits=accent.removeprefix("#"))
