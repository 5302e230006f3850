"""What the messages say that belong to no booking, by their kind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app

from bookme.accounts import letters as of_accounts
from bookme.bookings.messages import own_letters as of_bookers
from bookme.connections import letters as of_connections
from bookme.connections.calendars import letters as of_calendars
from bookme.guard import letters as of_floods
from bookme.models import Email
from bookme.outbox import Builder
from bookme.report import letters as of_reports

BUILDERS: Mapping[str, Builder] = {
    **of_accounts.BUILDERS,
    **of_connections.BUILDERS,
    **of_calendars.BUILDERS,
    **of_floods.BUILDERS,
    **of_reports.BUILDERS,
    **of_bookers.BUILDERS,
}
#: Those that go to no host.
_TO_OTHERS = (of_reports.LETTER, *of_bookers.BUILDERS)


def context(email: Email, *, now: datetime) -> dict[str, Any] | None:
    """What the templates of its kind need; None if nobody needs the message any more.

    ``to`` is there only when the message goes to another address than the host's present one.
    """
    has_reader = email.user is not None or email.kind in _TO_OTHERS
    found = BUILDERS[email.kind](email, email.user, now) if has_reader else None
    return None if found is None else {"support": current_app.config["SUPPORT_EMAIL"], **found}
