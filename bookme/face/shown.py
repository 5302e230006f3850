"""Whose page is being made, where it is one for bookers: it has the host's face, not BookMe's."""

from typing import Any

from flask import current_app, g, has_request_context, request

from bookme.models import User

#: The pages that have the host's name in their content.
_NAMED = {"public.host", "public.show"}


def show(host: User) -> None:
    """The page that is being made is of this host."""
    g.shown_host = host


def tell() -> dict[str, Any]:
    """What templates know of it."""
    if not has_request_context():
        return {}
    return {
        "shown_host": g.get("shown_host"),
        "is_named": request.endpoint in _NAMED and "shown_host" in g,
        "has_brand": current_app.config["FOOTER_BRAND"],
    }


def initials(name: str) -> str:
    """What stands for a picture: the first letters of the first and the last name."""
    words = [word for word in name.split() if word[0].isalnum()] or name.split()[:1]
    ends = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in ends).upper()
