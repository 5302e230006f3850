"""What testing a connection, or reading its list of calendars, came to, in words."""

from flask_babel import lazy_gettext as _l

from bookme.connections import providers
from bookme.connections.service import Finding

#: What a test of a connection found: the notice's kind, and its words.
FINDINGS = {
    Finding.WORKS: ("good", _l("The connection works. %(provider)s just answered.")),
    Finding.DEAD: ("bad", _l("%(provider)s no longer lets BookMe in. Reconnect %(provider)s.")),
    Finding.UNAVAILABLE: (
        "warn",
        _l(
            "%(provider)s didn't answer in time. We'll try again the next time we need it; you "
            "don't need to do anything."
        ),
    ),
    Finding.CLIENT_REFUSED: (
        "bad",
        _l(
            "%(provider)s isn't accepting requests from this site at the moment. We've told the "
            "people who run this site."
        ),
    ),
    Finding.LED_ELSEWHERE: (
        "bad",
        _l(
            "%(provider)s redirected us to an address that isn't one of Apple's, so we didn't send "
            "your password there. If this continues, contact support."
        ),
    ),
    Finding.ASKS_TO_WAIT: (
        "warn",
        _l(
            "%(provider)s has asked us to slow down. We'll try again automatically; you don't need "
            "to do anything."
        ),
    ),
    Finding.REFUSED: ("bad", _l("%(provider)s answered, but doesn't let us use this account.")),
}
#: What came of reading the list of calendars.
LISTED = FINDINGS | {Finding.WORKS: ("good", _l("The list of calendars is up to date."))}


def finding(found: Finding, provider: str) -> tuple[str, str]:
    """The kind of the notice, and its words, when a connection was tested."""
    kind, text = FINDINGS[found]
    return kind, text % {"provider": providers.label(provider)}


def list_refreshed(found: Finding, provider: str) -> tuple[str, str]:
    """The kind of the notice, and its words, when the list of calendars was read."""
    kind, text = LISTED[found]
    return kind, text % {"provider": providers.label(provider)}
