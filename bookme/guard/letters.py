"""What the message about a flood says, put together when it is sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app

from bookme.guard import floods
from bookme.models import Email, User
from bookme.outbox import Builder


def _flooded(_email: Email, user: User, _now: datetime) -> dict[str, Any] | None:
    if user.closing_at is not None:
        return None
    page = f"{current_app.config['PUBLIC_URL']}/dashboard/unwanted"
    return {"most": floods.AN_HOUR, "unwanted": page}


BUILDERS: Mapping[str, Builder] = {floods.LETTER: _flooded}
