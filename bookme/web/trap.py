"""A quiet trap for programs that fill in forms: a field that no person sees, and the time that it
took. Whoever is caught is asked to press the button again, so a person who was quick loses nothing.

A form carries when it was opened, signed. Only too soon counts: a page that a browser has kept, or
that somebody comes back to, may be as old as it likes.
"""

import hashlib
from datetime import datetime

from flask import Flask, current_app, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from bookme.clock import utcnow

#: What is filled in by programs only; its name is what they look for.
DECOY = "website"
#: When the form was opened, in milliseconds since 1970, signed.
OPENED = "opened"


def init_app(app: Flask) -> None:
    """Let templates set the trap: ``macros/trap.html``."""
    app.jinja_env.globals["form_opened"] = opened


def opened() -> str:
    """When the form was opened that is shown again, or else now."""
    sent = request.form.get(OPENED, "")
    if _read(sent) is not None:
        return sent
    return str(_signer().dumps(_milliseconds(utcnow())))


def is_caught() -> bool:
    """Whether the form that was sent was filled in as only a program would."""
    seconds = current_app.config["FORM_SECONDS"]
    if not seconds:
        return False
    begun = _read(request.form.get(OPENED, ""))
    if begun is None or request.form.get(DECOY):
        return True
    return 0 <= _milliseconds(utcnow()) - begun < seconds * 1000


def words() -> str:
    """What to do about it."""
    return _("That was very quick, so we’re making sure you’re a person. Press the button again.")


def _read(sent: str) -> int | None:
    try:
        return int(_signer().loads(sent)) if sent else None
    except (BadSignature, TypeError, ValueError):
        return None


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"],
        salt="bookme form",
        signer_kwargs={"digest_method": hashlib.sha256},
    )
