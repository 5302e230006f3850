"""The rules by which Zoom fails in a storm."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.answers import FIXTURES

_MEETINGS = ["create", "update", "delete", "list", "get"]
_WRITES = ["create", "update"]
#: What does not go away by trying again: the host presses "Try again" after the storm.
_FINAL = ["api_validation", "api_bad_json", "api_hosting_forbidden"]
_DAILY = ["api_429_user_daily", "api_429_account_daily"]
_TOKEN_REFUSED = ["api_token_expired", "api_token_invalid"]
DEAD = ["token_refresh_stale", "token_refresh_stale_2021_form"]

#: Errors that no storm gives: what they say must be true, or the end cannot be told from a mistake.
#: Meetings are lost for real (``lose_at_zoom``), by whoever deletes them there; an authorize page
#: answers a browser; the others would say of a meeting that is there that it is gone, over, or
#: somebody else's.
TRUE_ONLY = {
    "api_meeting_missing",
    "api_user_missing",
    "api_not_host",
    "api_delete_in_progress",
    "authorize_bad_redirect",
    "authorize_bad_client",
}
#: Every error of Zoom's that a storm gives.
GIVEN = {*_FINAL, *_DAILY, *_TOKEN_REFUSED, *DEAD} | {
    "api_429_qps",  # among those that pass
    "api_scope_missing",
    "api_update_started",
    "token_bad_client",
    "token_bad_request",
}
_KNOWN = {name for name, sample in FIXTURES.items() if sample["status"] >= 400}
assert _KNOWN == GIVEN | TRUE_ONLY


def rules(probability: float, seed: int, delay: float) -> list[dict[str, Any]]:
    """The rules of one storm; the first that hits a call is taken.

    What ends a grant is rare, or nothing else would be tried: the host has to connect again.

    :param probability: of a call about a meeting to fail.
    :param delay: seconds of what takes long.
    """
    soon = datetime.now(UTC) + timedelta(seconds=4 * delay)
    named = {"Retry-After": f"{soon:%Y-%m-%dT%H:%M:%SZ}"}
    often: list[tuple[Any, Any, float, dict[str, Any]]] = [
        (_WRITES, _FINAL, 0.02, {}),
        ("update", "api_update_started", 0.02, {}),
        ("create", "api_scope_missing", 0.01, {}),
        (_WRITES, _DAILY, 0.04, {"headers": named}),
        (_MEETINGS, _TOKEN_REFUSED, 0.06, {}),
        ("token.refresh", "token_bad_request", 0.02, {}),
        ("token.refresh", ["passing", "token_bad_client", *DEAD], 0.25, {}),
        (["token.exchange", "me"], "passing", 0.4, {}),
        ([*_MEETINGS, "revoke", "compliance"], "passing", 1.0, {}),
    ]
    return [
        {
            "operation": operation,
            "kind": kind,
            "probability": part * probability,
            "count": None,
            "seed": seed,
            "seconds": delay,
            **more,
        }
        for operation, kind, part, more in often
    ]
