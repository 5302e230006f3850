"""Requests to a CalDAV server, with a password that no other host ever sees.

A CalDAV server says where an account's calendars are, and may send a client on to any address.
Programs that follow hand the password to whoever is there. Here each address is looked at before
anything is sent to it.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from bookme.errors import (
    ConnectionRevoked,
    NotAllowed,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
)
from bookme.providers.calendar import HOST_NOT_ALLOWED, STORAGE_FULL
from bookme.providers.http.answers import Answer, retry_after
from bookme.providers.http.transport import fetch

#: The code of a NotAllowed about an entry that is in another calendar of the account already.
UID_CONFLICT = "uid_conflict"

_MOST_HOPS = 5
#: Whole entries come back, pictures in them included, and not in pages.
_MOST = 16 * 1024 * 1024
_REDIRECTS = (301, 302, 307, 308)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_PLACE = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")


class Changed(Rejected):
    """The thing is not as the request expects it: there already, or not as it was."""


_BY_STATUS: Mapping[int, type[ProviderError]] = {
    401: ConnectionRevoked,
    403: NotAllowed,
    404: NotFound,
    408: ProviderUnavailable,
    409: NotFound,  # no calendar to put a file into
    410: NotFound,
    412: Changed,
    425: ProviderUnavailable,
    429: ProviderUnavailable,
}


class Conversation:
    """A few requests of one user, all together within one deadline.

    :param url: where the server is; unless it is plain http itself, only https is spoken.
    :param hosts: names that the password may be sent to; ``*.example.com`` stands for all below.
    """

    def __init__(
        self,
        provider: str,
        url: str,
        login: tuple[str, str],
        hosts: Sequence[str],
        deadline: float,
        clock: Callable[[], datetime],
    ) -> None:
        self.provider = provider
        self._schemes = {"https", urlsplit(url).scheme}
        self._login = tuple(part.encode() for part in login)  # as requests would not, in UTF-8
        self._hosts = [host.strip().lower() for host in hosts]
        self._until = time.monotonic() + deadline
        self._clock = clock

    def ask(
        self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[str, Answer]:
        """Make one request, also where redirects lead.

        :return: the address that answered in the end, and the answer, which is a success.
        :raises NotAllowed: with the code :data:`HOST_NOT_ALLOWED`, before anything is sent there.
        :raises Changed: if a condition in the headers does not hold.
        :raises ProviderError: another of its subclasses, as :meth:`Remote.call
            <bookme.providers.http.remote.Remote.call>`.
        """
        for _ in range(_MOST_HOPS):
            self.check(url)
            answer = fetch(
                self.provider,
                method,
                url,
                deadline=max(self._until - time.monotonic(), 0.001),
                most=_MOST,
                auth=self._login,
                data=body,
                headers={"Accept": "text/xml, text/calendar", **(headers or {})},
            )
            if answer.status not in _REDIRECTS or "Location" not in answer.headers:
                break
            url = urljoin(url, answer.headers["Location"])
        if not answer.ok:
            raise self._failure(method, answer)
        if _is_page(answer):
            raise ProviderUnavailable(self.provider, "answered with a page", sent=True)
        return url, answer

    def check(self, url: str) -> None:
        """Make sure that the password may be sent to an address.

        :raises NotAllowed: if it may not.
        """
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
            # Nothing that two readers of an address could take for two different hosts.
            plain = _PLACE.fullmatch(parts.netloc) and url.isascii() and url.isprintable()
            allowed = parts.scheme in self._schemes and plain and _HOST.fullmatch(host)
        except ValueError:
            host, allowed = "", None
        if not allowed or not any(_is_one_of(host, pattern) for pattern in self._hosts):
            named = host if _HOST.fullmatch(host) else "an address"
            detail = f"leads to {named}, which is not among the allowed hosts"
            raise NotAllowed(self.provider, detail, code=HOST_NOT_ALLOWED)

    def _failure(self, method: str, answer: Answer) -> ProviderError:
        told: dict[str, Any] = {"sent": answer.had_effect}
        unknown = Rejected if 400 <= answer.status < 500 else ProviderUnavailable
        kind = _BY_STATUS.get(answer.status, unknown)
        if b"no-uid-conflict" in answer.content:
            kind = NotAllowed
            told["code"] = UID_CONFLICT
        if answer.status == 507 and method == "PUT":  # RFC 4918, 11.5
            kind = NotAllowed
            told |= {"code": STORAGE_FULL, "sent": False}
        if issubclass(kind, ProviderUnavailable):
            told["retry_at"] = retry_after(answer, self._clock())
        return kind(self.provider, f"answered {answer.status}", **told)


def _is_page(answer: Answer) -> bool:
    """Whether somebody on the way has answered, whatever the status says: a calendar sends no pages
    for people.
    """
    return answer.headers.get("Content-Type", "").startswith("text/html")


def _is_one_of(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern
