"""Google's API: its errors and its pages."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from bookme.errors import (
    ClientRefused,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
    ScopeMissing,
    TokenRefused,
)
from bookme.providers.http.answers import Answer, error_code, plain_text
from bookme.providers.http.remote import Remote

_MOST_PAGES = 100


class IdTaken(Rejected):
    """There is, or was, an event of this id."""


class GoogleApi(Remote):
    """Requests to Google Calendar."""

    name: ClassVar[str] = "google"
    codes: ClassVar[Mapping[int | str, type[ProviderError]]] = {
        # https://developers.google.com/workspace/calendar/api/guides/errors
        "authError": TokenRefused,
        "userRateLimitExceeded": ProviderUnavailable,
        "rateLimitExceeded": ProviderUnavailable,
        "quotaExceeded": ProviderUnavailable,
        "dailyLimitExceeded": ProviderUnavailable,
        "insufficientPermissions": ScopeMissing,
        "accessNotConfigured": ClientRefused,  # the API is off in the operator's Google project
        "duplicate": IdTaken,
        "deleted": NotFound,
        "conditionNotMet": ProviderUnavailable,
    }

    def code_in(self, body: dict[str, Any]) -> int | str | None:
        """The first reason given; the HTTP status is repeated where others have a code."""
        error = body.get("error")
        reasons = error.get("errors") if isinstance(error, dict) else None
        first = reasons[0] if isinstance(reasons, list) and reasons else None
        return error_code(first.get("reason")) if isinstance(first, dict) else None

    def kind_of(
        self, answer: Answer, body: dict[str, Any] | None, code: int | str | None
    ) -> type[ProviderError]:
        if answer.status == 409 and code is None:
            return IdTaken
        return super().kind_of(answer, body, code)

    def pages(self, path: str, params: dict[str, str]) -> Iterator[dict[str, Any]]:
        """Each page of a listing, to the last.

        :raises ProviderUnavailable: if there is no end to them: half a list must not pass for all.
        """
        for _ in range(_MOST_PAGES):
            page = self.call("GET", path, params=params)
            yield page
            token = plain_text(page, "nextPageToken")
            if token is None:
                return
            params = {**params, "pageToken": token}
        raise ProviderUnavailable(self.name, f"listing goes on after {_MOST_PAGES} pages")
