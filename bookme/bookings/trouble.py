"""Why a booking's meeting is not as it should be, in words for the host."""

from bookme.models import Meeting, Trouble
from bookme.providers.registry import MAKERS, meetings_label

#: Troubles that connecting the account ends.
_ENDED_BY_CONNECTING = (Trouble.NOT_CONNECTED, Trouble.NEEDS_RECONNECT)

#: Why a meeting is not as it should be, and what helps. ``{account}`` is what the Connections page
#: calls the connection over which the meeting is made.
TROUBLES = {
    Trouble.NOT_CONNECTED: (
        "{account} is not connected. Connect it and the link follows by itself, or "
        "choose another provider for the schedule."
    ),
    Trouble.NEEDS_RECONNECT: (
        "{account} no longer lets BookMe in. Reconnect it and the link follows by "
        "itself, or choose another provider for the schedule."
    ),
    Trouble.UNAVAILABLE: "{provider} does not answer properly at the moment. BookMe keeps trying.",
    Trouble.UNKNOWN_OUTCOME: (
        "{provider} was cut off while making the meeting. BookMe looks whether it exists "
        "before making another."
    ),
    Trouble.DAILY_LIMIT: (
        "Your {account} account has reached its limit for today. BookMe goes on when "
        "{provider} allows it."
    ),
    Trouble.NOT_ALLOWED: (
        "{provider} does not let your account do this. Look into your {account} account and try "
        "again, or connect another account."
    ),
    Trouble.REJECTED: (
        "{provider} refused what BookMe asked for. This is our mistake; try again, and tell "
        "support if it stays."
    ),
    Trouble.CLIENT_REFUSED: (
        "{provider} refuses this BookMe server. Its operator has been alarmed; BookMe keeps trying."
    ),
    Trouble.STORAGE_FULL: (
        "Your {provider} storage is full. Free up space or get more, then try again."
    ),
    Trouble.LED_ELSEWHERE: (
        "{provider} sent BookMe on to an address that isn't one of its own, so nothing was sent "
        "there. BookMe keeps trying. If it stays like this, write to support."
    ),
    Trouble.STARTED: "The meeting has begun, so {provider} does not let it be changed any more.",
    Trouble.CALENDAR_GONE: (
        "{provider} no longer has the calendar. Choose another one on the Connections page."
    ),
}


def words(of: Meeting) -> str:
    """Why a meeting is not as it should be, and what helps; nothing when it is."""
    if of.trouble is None:
        return ""
    return TROUBLES[of.trouble].format(provider=meetings_label(of.provider), account=account(of))


def account(of: Meeting) -> str:
    """What the Connections page calls the connection over which a meeting is made."""
    return MAKERS[of.provider].label


def is_ended_by_connecting(of: Meeting) -> bool:
    """Whether what is wrong with a meeting ends when its account is connected."""
    return of.trouble in _ENDED_BY_CONNECTING
