"""Windows' names of time zones, as far as the demo's people live in them."""

from zoneinfo import available_timezones

_WINDOWS = {
    "Europe/Berlin": "W. Europe Standard Time",
    "Europe/London": "GMT Standard Time",
    "America/New_York": "Eastern Standard Time",
    "America/Los_Angeles": "Pacific Standard Time",
    "Asia/Kolkata": "India Standard Time",
    "Asia/Tokyo": "Tokyo Standard Time",
}
_IANA = {windows: name for name, windows in _WINDOWS.items()}
#: Asking for them walks through the machine's files.
_ZONES = frozenset(available_timezones())


def iana(name: str) -> str | None:
    """The IANA name of a zone that Graph knows by either; None if it knows none."""
    found = _IANA.get(name, name)
    return found if found in _ZONES else None


def windows(name: str) -> str:
    """What Outlook calls an IANA zone; the same name where it has no other."""
    return _WINDOWS.get(name, name)
