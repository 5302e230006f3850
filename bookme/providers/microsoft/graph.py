"""Microsoft Graph: its errors, its pages, and what every request is sent with."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from bookme.errors import (
    NotAllowed,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
    ScopeMissing,
    TokenRefused,
)
from bookme.providers import items
from bookme.providers.http.answers import Answer, error_code, plain_text
from bookme.providers.http.remote import Remote

#: Ids that stay when an event moves to another folder; times in UTC.
_PREFER = 'IdType="ImmutableId", outlook.timezone="UTC"'
_MOST_PAGES = 100


class IdTaken(Rejected):
    """Exchange has made an event with this transactionId."""


class Graph(Remote):
    """Requests to Microsoft Graph, as far as it is about Exchange."""

    name: ClassVar[str] = "microsoft"
    request_id_header: ClassVar[str] = "request-id"
    codes: ClassVar[Mapping[int | str, type[ProviderError]]] = {
        # https://learn.microsoft.com/graph/errors and what Exchange adds to it
        "InvalidAuthenticationToken": TokenRefused,
        "Authorization_RequestDenied": ScopeMissing,
        "ErrorAccessDenied": NotAllowed,  # also: a calendar that is shared no longer
        "MailboxNotEnabledForRESTAPI": NotAllowed,  # an account without a mailbox
        "MailboxNotSupportedForRESTAPI": NotAllowed,
        "ErrorQuotaExceeded": NotAllowed,  # the mailbox is full
        "ErrorItemNotFound": NotFound,
        "ErrorFolderNotFound": NotFound,
        "ErrorDuplicateTransactionId": IdTaken,
        "ApplicationThrottled": ProviderUnavailable,
        "TooManyRequests": ProviderUnavailable,
        "ErrorServerBusy": ProviderUnavailable,
        "ErrorTimeoutExpired": ProviderUnavailable,
        "ErrorMailboxStoreUnavailable": ProviderUnavailable,
        "ErrorMailboxMoveInProgress": ProviderUnavailable,
        "ErrorIrresolvableConflict": ProviderUnavailable,  # changed meanwhile
    }

    def send(self, method: str, path: str, **request: Any) -> Answer:
        return super().send(method, path, headers={"Prefer": _PREFER}, **request)

    def code_in(self, body: dict[str, Any]) -> int | str | None:
        error = body.get("error")
        return error_code(error.get("code")) if isinstance(error, dict) else None

    def kind_of(
        self, answer: Answer, body: dict[str, Any] | None, code: int | str | None
    ) -> type[ProviderError]:
        if answer.status == 409 and code not in self.codes:
            return IdTaken
        return super().kind_of(answer, body, code)

    def limit(self, answer: Answer, body: dict[str, Any]) -> tuple[datetime | None, bool]:
        """Exchange counts requests, and those at the same time, per mailbox."""
        at, _ = super().limit(answer, body)
        return at, answer.status == 429

    def listed(self, path: str, params: dict[str, str]) -> Iterator[Any]:
        """What is on each page of a listing, to the last.

        :raises ProviderUnavailable: if there is no end to them, or the next is on another host:
            half a list must not pass for all.
        """
        page = self.call("GET", path, params=params)
        for _ in range(_MOST_PAGES):
            yield from items.listed(page, "value")
            following = plain_text(page, "@odata.nextLink")
            if following is None:
                return
            if not following.startswith(f"{self.base_url}/"):
                raise ProviderUnavailable(self.name, "the next page is somewhere else")
            page = self.call("GET", following.removeprefix(self.base_url))
        raise ProviderUnavailable(self.name, f"listing goes on after {_MOST_PAGES} pages")
