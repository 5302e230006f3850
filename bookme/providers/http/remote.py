"""A provider's API: bounded in time and size, and nothing but our own errors out of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

import requests

from bookme.clock import utcnow
from bookme.errors import (
    NotAllowed,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
    TokenRefused,
)
from bookme.providers.http.answers import Answer, error_code, request_id, retry_after
from bookme.providers.http.transport import DEADLINE, MOST, fetch

__all__ = ["DEADLINE", "MOST", "Answer", "Remote", "fetch"]

_BY_STATUS: Mapping[int, type[ProviderError]] = {
    401: TokenRefused,
    403: NotAllowed,
    404: NotFound,
    408: ProviderUnavailable,
    410: NotFound,
    425: ProviderUnavailable,
    429: ProviderUnavailable,
}


class Remote:
    """A provider's API. A subclass says where it is and how to read its errors.

    :param token: a bearer token that is good for a while; this class never refreshes one.
    :param deadline: seconds for the whole of each call.
    """

    name: ClassVar[str]
    #: The response header that names the request to the provider's support.
    request_id_header: ClassVar[str] = "x-request-id"
    #: Error codes in the body that say more than the HTTP status.
    codes: ClassVar[Mapping[int | str, type[ProviderError]]] = {}

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        deadline: float = DEADLINE,
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.deadline = deadline
        self.clock = clock
        self._token = token

    def call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """Make one request, within the deadline for all of it and :data:`MOST` bytes.

        :param request: ``params``, ``json``, ``data``, ``headers`` as for :mod:`requests`.
        :return: the decoded body; empty when there is none, as after a 204. Where something is
            read there must be one: a list that did not come is no empty list.
        :raises ProviderError: always one of its subclasses, so that callers can tell them apart;
            ``error.sent`` says whether the request may have taken effect.
        """
        answer = self.send(method, path, **request)
        body = answer.json() if answer.content or method == "GET" else {}
        if body is None:
            raise ProviderUnavailable(
                self.name,
                f"answered {answer.status} without a JSON object",
                request_id=request_id(answer, self.request_id_header),
                sent=True,
            )
        return body

    def send(self, method: str, path: str, **request: Any) -> Answer:
        """Make one request like :meth:`call`, for the bare answer: its headers, or no JSON.

        :raises ProviderError: as :meth:`call`.
        """
        answer = fetch(
            self.name,
            method,
            self.base_url + path,
            deadline=self.deadline,
            auth=self._authorise,
            **request,
        )
        if not answer.ok:
            raise self.failure(answer)
        return answer

    def failure(self, answer: Answer) -> ProviderError:
        """The error that an answer without success stands for."""
        body = answer.json()
        code = self.code_in(body) if body else None
        kind = self.kind_of(answer, body, code)
        rest: dict[str, Any] = {}
        if issubclass(kind, ProviderUnavailable):
            retry_at, account_limit = self.limit(answer, body or {})
            rest = {"retry_at": retry_at, "account_limit": account_limit}
        return kind(
            self.name,
            f"answered {answer.status}" + (f", code {code}" if code is not None else ""),
            request_id=request_id(answer, self.request_id_header),
            sent=answer.had_effect,
            code=code,
            **rest,
        )

    def kind_of(
        self, answer: Answer, body: dict[str, Any] | None, code: int | str | None
    ) -> type[ProviderError]:
        """The class of an answer without success: by its code, else by its status.

        An error page that is no JSON object comes from something in front of the API and says
        nothing about what was asked for; it counts as an outage, whatever its status, save a 401.
        """
        if code is not None and code in self.codes:
            return self.codes[code]
        if body is None and answer.content and answer.status != 401:
            return ProviderUnavailable
        unknown = Rejected if 400 <= answer.status < 500 else ProviderUnavailable
        return _BY_STATUS.get(answer.status, unknown)

    def code_in(self, body: dict[str, Any]) -> int | str | None:
        """The provider's own code in the body of an error."""
        return error_code(body.get("code"))

    def limit(self, answer: Answer, body: dict[str, Any]) -> tuple[datetime | None, bool]:
        """When to try again, if the answer says so, and whether the whole account has to wait."""
        return retry_after(answer, self.clock()), False

    def _authorise(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
