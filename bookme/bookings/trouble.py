"""Why a booking's meeting is not as it should be, in words for the host."""

from typing import Protocol

from flask_babel import lazy_gettext as _l

from bookme.models import Meeting, Trouble
from bookme.providers.registry import MAKERS, meetings_label

#: Troubles that connecting the account ends.
_ENDED_BY_CONNECTING = (Trouble.NOT_CONNECTED, Trouble.NEEDS_RECONNECT)

#: Why a meeting is not as it should be, and what helps. ``account`` is what the Connections page
#: calls the connection over which the meeting is made.
TROUBLES = {
    Trouble.NOT_CONNECTED: _l(
        "%(account)s isn't connected. Connect it and we'll do the rest, or choose another video "
        "provider for the schedule."
    ),
    Trouble.NEEDS_RECONNECT: _l(
        "%(account)s needs reconnecting. Reconnect it and we'll do the rest, or choose "
        "another video provider for the schedule."
    ),
    Trouble.UNAVAILABLE: _l(
        "%(provider)s isn't working as it should. We'll keep trying; you don't need to do anything."
    ),
    Trouble.UNKNOWN_OUTCOME: _l(
        "We lost the connection to %(provider)s while it was creating the meeting. We'll check "
        "whether the meeting exists before we create another one."
    ),
    Trouble.DAILY_LIMIT: _l(
        "Your %(account)s account has reached its limit for today. We'll carry on when "
        "%(provider)s allows it."
    ),
    Trouble.LED_ELSEWHERE: _l(
        "%(provider)s redirected us to an address that we don't trust, so we sent nothing there. "
        "We'll keep trying. Write to support if it keeps happening."
    ),
    Trouble.NOT_ALLOWED: _l(
        "%(provider)s doesn't let your account do this. Check your %(account)s account and try "
        "again, or connect another account."
    ),
    Trouble.REJECTED: _l(
        "%(provider)s didn't accept our request. This is our mistake. Try again, and write to "
        "support if it keeps happening."
    ),
    Trouble.CLIENT_REFUSED: _l(
        "%(provider)s isn't accepting requests from this site. We've told the people who run this "
        "site. We'll keep trying."
    ),
    Trouble.STORAGE_FULL: _l(
        "Your %(provider)s storage is full. Free up space or get more, then try again."
    ),
    Trouble.STARTED: _l("The meeting has started, so %(provider)s no longer lets us change it."),
    Trouble.CALENDAR_GONE: _l(
        "%(provider)s no longer has the calendar. Choose another one on the Connections page."
    ),
}


class Troubled(Protocol):
    """A meeting, or what a list shows of one."""

    @property
    def provider(self) -> str | None: ...

    @property
    def trouble(self) -> Trouble | None: ...


def words(of: Meeting | Troubled) -> str:
    """Why a meeting is not as it should be, and what helps; nothing when it is."""
    if of.trouble is None or of.provider is None:
        return ""
    names = {"provider": meetings_label(of.provider), "account": _account(of.provider)}
    return TROUBLES[of.trouble] % names


def account(of: Meeting) -> str:
    """What the Connections page calls the connection over which a meeting is made."""
    return _account(of.provider)


def _account(provider: str) -> str:
    return MAKERS[provider].label


def is_ended_by_connecting(of: Meeting) -> bool:
    """Whether what is wrong with a meeting ends when its account is connected."""
    return of.trouble in _ENDED_BY_CONNECTING
