"""What bookers see of a host besides the name: picture, headline, colour and welcome."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from bookme.accounts.published import PUBLISHED
from bookme.extensions import db
from bookme.face.links import DIGITS, LARGE, SMALL, picture_url
from bookme.face.pictures import Squares
from bookme.models import Picture, User

__all__ = ["change", "picture_url", "remove_picture", "set_picture", "shown_picture"]


def change(
    host: User, *, headline: str, welcome: str, accent: str | None, is_searchable: bool
) -> None:
    """Change the words, the colour, and whether search engines may list the public pages. Flushes
    and leaves the commit to the caller.

    :param accent: as ``#rrggbb``; None: BookMe's own.
    """
    host.headline, host.welcome, host.accent = headline, welcome, accent
    host.is_searchable = is_searchable
    db.session.flush()


def set_picture(host: User, squares: Squares, *, now: datetime) -> None:
    """Give a host a picture in place of what there was, whose address is gone with it. Flushes and
    leaves the commit to the caller.
    """
    if host.picture is None:
        host.picture = Picture()
    host.picture.digest, host.picture.made_at = squares.digest, now
    host.picture.small, host.picture.large = squares.small, squares.large
    db.session.flush()


def remove_picture(host: User) -> None:
    """Leave a host without a picture. Flushes and leaves the commit to the caller."""
    host.picture = None
    db.session.flush()


def shown_picture(handle: str, digest: str, size: int) -> bytes | None:
    """The JPEG at an address; None if the host is not published, or the picture another by now."""
    if len(digest) != DIGITS or size not in (SMALL, LARGE):
        return None
    column = Picture.small if size == SMALL else Picture.large
    query = (
        sa.select(Picture)
        .join(Picture.user)
        .where(User.handle == handle, *PUBLISHED)
        .options(undefer(column))
    )
    found = db.session.scalar(query)
    if found is None or not found.digest.startswith(digest):
        return None
    return found.small if size == SMALL else found.large
