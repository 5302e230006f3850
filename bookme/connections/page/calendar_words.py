"""What is said of a connection's calendars: which are checked, and why one could not be read."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from bookme.connections import providers
from bookme.models import Trouble

#: Why a calendar could not be read.
READING = {
    Trouble.CALENDAR_GONE: _l("%(provider)s no longer shows this calendar."),
    Trouble.NOT_ALLOWED: _l("%(provider)s doesn't let us read this calendar."),
    Trouble.NEEDS_RECONNECT: _l("%(provider)s needs reconnecting."),
    Trouble.NOT_CONNECTED: _l("%(provider)s isn't connected."),
    Trouble.LED_ELSEWHERE: _l(
        "%(provider)s redirected us to an address that isn't one of Apple's."
    ),
    Trouble.CLIENT_REFUSED: _l(
        "%(provider)s isn't accepting requests from this site at the moment."
    ),
    Trouble.REJECTED: _l("%(provider)s didn't accept our request, which is our mistake."),
}
_READING = _l("%(provider)s isn't responding properly. We'll keep trying.")


def chosen(number: int, provider: str) -> str:
    """What is said when the choice of checked calendars was saved."""
    if not number:
        return _(
            "Saved. No %(provider)s calendar is checked, so events there don't block times on your "
            "page.",
            provider=providers.label(provider),
        )
    return ngettext(
        "Saved. We'll read this calendar now, and every few minutes from now on.",
        "Saved. We'll read these calendars now, and every few minutes from now on.",
        number,
    )


def reading(trouble: Trouble | None, provider: str) -> str:
    """Why a calendar could not be read, in a sentence or two."""
    found = READING.get(trouble, _READING) if trouble is not None else _READING
    return str(found % {"provider": providers.label(provider)})
