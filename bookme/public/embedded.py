"""Pages for bookers inside other sites: ``?embed=1``, and with it ``?theme=light`` or ``dark`` and
``?language=``.

All stand in the address of every page there and of every link and form on it, since nothing else
is kept: a browser that blocks cookies of third parties blocks ours in a frame. ``static/framed.js``
speaks with the page around.
"""

from dataclasses import dataclass
from typing import Any

from flask import has_request_context, request

from bookme.face import shown
from bookme.models import User
from bookme.web import framing
from bookme.web.words import CHOICE, named, offered

#: The pages that a site may show; all others may be shown by none.
SHOWN = {
    f"public.{name}"
    for name in (
        *("host", "show", "details", "book", "held"),
        *("booked", "reschedule", "move", "cancel", "cancelled"),
    )
}
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Embedded:
    """A page inside another site.

    :ivar theme: the colours that the site asks for; empty: as the reader's device.
    :ivar language: the one that was chosen; empty: the reader's.
    """

    theme: str
    language: str

    @property
    def sites(self) -> str:
        """The origins that may hear of what happens on the page."""
        return " ".join(framing.sites())

    @property
    def arguments(self) -> dict[str, str]:
        """What an address says of it."""
        asked = {"theme": self.theme, CHOICE: self.language}
        return {"embed": "1"} | {name: value for name, value in asked.items() if value}


def embedded() -> Embedded | None:
    """How the page that is asked for is embedded; None if it is a page of its own."""
    if request.endpoint not in SHOWN or request.args.get("embed") != "1":
        return None
    theme = request.args.get("theme", "")
    asked = named()[0]
    return Embedded(theme if theme in THEMES else "", asked if asked in offered() else "")


def kept() -> dict[str, str]:
    """What the addresses on the page that is asked for say of it."""
    found = embedded()
    return found.arguments if found is not None else {}


def allow(host: User) -> None:
    """Let the sites on a host's list show the page that is being made, if it is one for them. It
    has the host's face.
    """
    shown.show(host)
    if request.endpoint in SHOWN:
        framing.allow(host.embed_sites)


def keep(endpoint: str, values: dict[str, Any]) -> None:
    """Links and forms of an embedded page lead to others that are."""
    if endpoint in SHOWN and has_request_context():
        for name, value in kept().items():
            values.setdefault(name, value)


def tell() -> dict[str, Any]:
    """What templates know of it."""
    return {"embed": embedded() if has_request_context() else None}
