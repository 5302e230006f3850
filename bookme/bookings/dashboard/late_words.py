"""What of a host's own has been waiting for long, in words."""

from bookme.connections import providers
from bookme.health.waiting import Waiting
from bookme.providers.registry import meetings_label

_TRYING = "We'll keep trying; you don't need to do anything."
_DELAYED = "Meetings, calendar events and messages have been waiting since {since}."
#: By kind of work: what happened, and since when what has been waiting.
_AT_PROVIDERS = {
    "meetings": (
        "{provider} isn't working as it should.",
        f"Meetings have been waiting for it since {{since}}. {_TRYING}",
    ),
    "entries": (
        "{provider} isn't working as it should.",
        f"Calendar events have been waiting for it since {{since}}. {_TRYING}",
    ),
}
_MAIL = (
    "Your emails are delayed.",
    f"The mail server isn't taking messages. Yours have been waiting since {{since}}. {_TRYING}",
)
_BOOKME = (
    "BookMe is running late.",
    f"{_DELAYED} They'll follow; you don't need to do anything.",
)


def late(of: Waiting) -> tuple[str, str]:
    """What happened, and since when work has been waiting, which the text calls ``{since}``."""
    if of.refused_by is None:
        return _BOOKME
    if of.kind not in _AT_PROVIDERS:
        return _MAIL
    title, text = _AT_PROVIDERS[of.kind]
    name = meetings_label(of.refused_by) or providers.label(of.refused_by)
    return title.format(provider=name), text
