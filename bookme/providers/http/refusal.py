"""What an OAuth endpoint means by an answer that is no success."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from bookme.clock import utcnow
from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    ProviderError,
    ProviderUnavailable,
    Rejected,
)
from bookme.providers.http.answers import (
    Answer,
    error_code,
    request_id,
    retry_after,
)

#: What an error's code means.
Errors: TypeAlias = Mapping[int | str, type[ProviderError]]
#: The codes that standards name.
_STANDARD: Errors = {
    # RFC 6749, section 5.2, and RFC 7009, section 2.2.1
    "invalid_grant": ConnectionRevoked,
    "invalid_token": ConnectionRevoked,
    "invalid_client": ClientRefused,
    "unauthorized_client": ClientRefused,
    "temporarily_unavailable": ProviderUnavailable,
    "server_error": ProviderUnavailable,
    # OpenID Connect, section 3.1.2.6: the user has to sign in or to agree again
    "interaction_required": ConnectionRevoked,
    "consent_required": ConnectionRevoked,
}
#: Microsoft's numbers for a consent that nobody has given, or that only an administrator may give.
_CONSENT_REQUIRED = frozenset({"65001", "90093", "90094", "90095"})
_REQUEST_ID_HEADERS = ("x-zm-trackingid", "x-ms-request-id")


def _code_in(body: Mapping[str, Any]) -> int | str | None:
    numbers = body.get("error_codes")
    if isinstance(numbers, list) and not _CONSENT_REQUIRED.isdisjoint(map(str, numbers)):
        return "consent_required"  # where Microsoft says no more than "invalid_grant"
    # Zoom's authorize endpoint, and others of its family, number their errors.
    found = (error_code(body.get(key)) for key in ("error", "errorCode", "code"))
    return next((code for code in found if code is not None), None)


def _is_dead_token(body: Mapping[str, Any]) -> bool:
    # Zoom's older form of invalid_grant, still to be expected where a token was sent.
    return body.get("error") == "invalid_request" and body.get("reason") == "Invalid Token!"


def _request_id(answer: Answer) -> str | None:
    found = (request_id(answer, header) for header in _REQUEST_ID_HEADERS)
    return next((value for value in found if value), None)


def failure(provider: str, answer: Answer, errors: Errors, *, has_token: bool) -> ProviderError:
    """What to raise for an answer that is no success.

    :param errors: the meaning of the provider's own codes.
    :param has_token: whether a token was sent, which the answer may be about.
    """
    body = answer.json()
    code = _code_in(body or {})
    kind = _kind(answer, body, code, {**_STANDARD, **errors}, has_token=has_token)
    retry = {}
    if issubclass(kind, ProviderUnavailable):
        retry["retry_at"] = retry_after(answer, utcnow())
    return kind(
        provider,
        f"answered {answer.status}" + (f", code {code}" if code is not None else ""),
        request_id=_request_id(answer),
        sent=answer.had_effect,
        code=code,
        **retry,
    )


def _kind(
    answer: Answer,
    body: Mapping[str, Any] | None,
    code: int | str | None,
    errors: Errors,
    *,
    has_token: bool,
) -> type[ProviderError]:
    if body is None or answer.had_effect or answer.status in (408, 429):
        # A grant is never ended on the word of something that is out of order.
        return ProviderUnavailable
    if has_token and _is_dead_token(body):
        return ConnectionRevoked
    unnamed = ClientRefused if answer.status == 401 else Rejected
    return unnamed if code is None else errors.get(code, unnamed)
