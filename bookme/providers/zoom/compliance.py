"""Telling Zoom that the data of a user who removed the app are gone.

Zoom announced the end of this endpoint in 2021; BookMe's guide promises the confirmation, so it is
sent for as long as the endpoint answers.
"""

from collections.abc import Mapping
from typing import Any

from bookme.clock import utcnow
from bookme.errors import (
    ClientRefused,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
)
from bookme.providers.http.answers import request_id, retry_after
from bookme.providers.http.remote import DEADLINE, fetch

_BY_STATUS: Mapping[int, type[ProviderError]] = {
    401: ClientRefused,
    404: NotFound,
    408: ProviderUnavailable,
    410: NotFound,
    425: ProviderUnavailable,
    429: ProviderUnavailable,
}


def confirm_deletion(
    url: str,
    client_id: str,
    client_secret: str,
    payload: Mapping[str, Any],
    *,
    deadline: float = DEADLINE,
) -> None:
    """Post the confirmation for one ``app_deauthorized`` event. May be repeated.

    :param payload: the event's own payload, as it came.
    :raises NotFound: if Zoom has withdrawn the endpoint; there is nobody left to tell.
    :raises ClientRefused: if BookMe's own credentials are wrong.
    :raises ProviderUnavailable: if it may work later; with the time that Zoom named, if it did.
    :raises Rejected: if Zoom says that the confirmation is wrong: a mistake of ours.
    """
    body = {
        "client_id": client_id,
        "user_id": payload.get("user_id"),
        "account_id": payload.get("account_id"),
        "deauthorization_event_received": dict(payload),
        "compliance_completed": True,
    }
    answer = fetch(
        "zoom", "POST", url, deadline=deadline, json=body, auth=(client_id, client_secret)
    )
    if not answer.ok:
        raise _kind(answer.status)(
            "zoom",
            f"answered {answer.status} to a data-compliance confirmation",
            request_id=request_id(answer, "x-zm-trackingid"),
            retry_at=retry_after(answer, utcnow()),
            sent=answer.had_effect,
        )


def _kind(status: int) -> type[ProviderError]:
    unknown = Rejected if 400 <= status < 500 else ProviderUnavailable
    return _BY_STATUS.get(status, unknown)
