"""The rules by which Google, Microsoft and iCloud fail in a storm."""

from typing import Any

from sandbox.faults import ERRORS
from sandbox.operations import OPERATIONS, provider_of

PROVIDERS = ("google", "microsoft", "icloud")
_OURS = [one for one in OPERATIONS if provider_of(one) in PROVIDERS]
_REFRESHES = [one for one in _OURS if one.endswith("token.refresh")]
#: What a host waits for who connects a calendar.
_CONNECTING = [
    *(one for one in _OURS if one.endswith("token.exchange") or "calendarList" in one),
    *("microsoft.me", "microsoft.calendar.get", "microsoft.calendars.list", "icloud.propfind"),
]
#: Every other call: about entries and busy times.
CALLS = [one for one in _OURS if one not in (*_REFRESHES, *_CONNECTING)]
_WRITES = [
    *("google.events.insert", "google.events.patch"),
    *("microsoft.events.create", "microsoft.events.update"),
]
#: What does not go away by trying again: the host presses "Try again", or connects again.
_FINAL = ["microsoft.403"]
_TOKEN_REFUSED = ["google.401", "microsoft.401"]
_SCOPE = ["google.403_scope"]
_DEAD = ["google.token_invalid_grant", "microsoft.token_invalid_grant"]
_THROTTLED = ["google.403_rate", "google.403_user_rate", "google.429_rate", "microsoft.429"]
_CHANGED = ["google.412"]

#: Errors that no storm gives, as in :mod:`.storms`: of an entry they would say what is not so.
TRUE_ONLY = {"google.400_range", "google.404", "google.409", "google.410", "microsoft.404"}
#: Every error of theirs that a storm gives.
GIVEN = {*_FINAL, *_TOKEN_REFUSED, *_SCOPE, *_DEAD, *_THROTTLED, *_CHANGED}
_KNOWN = {name for name in ERRORS if provider_of(name) in PROVIDERS}
assert _KNOWN == GIVEN | TRUE_ONLY


def rules(probability: float, seed: int, delay: float) -> list[dict[str, Any]]:
    """The rules of one storm, as :func:`.storms.rules` gives Zoom's."""
    often: list[tuple[Any, Any, float]] = [
        (_WRITES, _FINAL, 0.02),
        (_WRITES, _SCOPE, 0.01),
        ("google.events.patch", _CHANGED, 0.04),
        (CALLS, _THROTTLED, 0.10),
        (CALLS, _TOKEN_REFUSED, 0.03),
        (_REFRESHES, ["passing", "passing", *_DEAD], 0.25),
        (_CONNECTING, "passing", 0.3),
        (CALLS, "passing", 1.0),
    ]
    return [
        {
            "operation": operation,
            "kind": kind,
            "probability": part * probability,
            "count": None,
            "seed": seed,
            "seconds": delay,
            "headers": {"Retry-After": "1"},  # what the fixtures name is not divided
        }
        for operation, kind, part in often
    ]
