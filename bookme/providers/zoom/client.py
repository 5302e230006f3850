"""Zoom meetings: https://developers.zoom.us/docs/api/meetings/"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    NotAllowed,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
    ScopeMissing,
    TokenRefused,
    WrongAccount,
)
from bookme.providers.http.answers import Answer, plain_text, reading
from bookme.providers.http.remote import Remote
from bookme.providers.video import Account, Meeting, MeetingRequest, Plan
from bookme.providers.zoom import payload

#: What BookMe asks for; all but the first are "create and manage meetings" to the host.
SCOPES = (
    "user:read:user",
    "meeting:write:meeting",
    "meeting:update:meeting",
    "meeting:delete:meeting",
    "meeting:read:list_meetings",  # to settle unknown outcomes
    "meeting:read:meeting",  # an adopted meeting's passcode
)

_PAGE_SIZE = 300
_MOST_PAGES = 30
_PLANS: Mapping[Any, Plan] = {1: Plan.BASIC, 2: Plan.LICENSED, 4: Plan.NONE, 99: Plan.NONE}
#: Deleting: "in progress" and "has ended". Nothing is left to do about either.
_TOO_LATE = (3002, 3007)


class _ZoneRefused(Rejected):
    """Zoom, which keeps a list of its own, does not take the host's zone."""


class Zoom(Remote):
    """Implements :class:`~bookme.providers.video.VideoProvider`."""

    name: ClassVar[str] = "zoom"
    request_id_header: ClassVar[str] = "x-zm-trackingid"
    codes: ClassVar[Mapping[int | str, type[ProviderError]]] = {
        # https://developers.zoom.us/docs/api/errors/ and the meeting methods' own pages
        124: TokenRefused,
        200: NotAllowed,  # no permission, or for paying accounts only
        300: Rejected,
        429: ProviderUnavailable,
        1001: WrongAccount,  # no such user in the account
        1010: WrongAccount,  # the same: the user belongs to another account, or to none
        3000: NotAllowed,  # the meeting has started
        3001: NotFound,
        3002: NotAllowed,
        3003: WrongAccount,  # somebody else's meeting
        3007: NotAllowed,
        3161: NotAllowed,  # this user may not host
        # Of the OAuth family, where a bearer token is concerned
        4700: ScopeMissing,
        4711: ScopeMissing,
        4717: ClientRefused,
        4724: TokenRefused,
        4735: ConnectionRevoked,
        4737: ConnectionRevoked,
        4738: NotAllowed,  # switched off by the account's admin
        4741: ConnectionRevoked,
    }

    def me(self) -> Account:
        user = self.call("GET", "/users/me")
        with reading(self.name):
            user_id = plain_text(user, "id")
            if user_id is None:
                raise ValueError("id")
            return Account(
                user_id=user_id,
                account_id=plain_text(user, "account_id") or "",
                label=plain_text(user, "email") or plain_text(user, "display_name") or "Zoom",
                plan=_PLANS.get(user.get("type"), Plan.UNKNOWN),
                status=plain_text(user, "status") or "",
            )

    def create(self, wanted: MeetingRequest) -> Meeting:
        """Create a meeting. Zoom takes no idempotency key: after an unknown outcome call
        :meth:`find` first.
        """
        made = self._write("POST", "/users/me/meetings", payload.body(wanted))
        with reading(self.name):
            return payload.meeting(made)

    def update(
        self, meeting_id: str, wanted: MeetingRequest, previous: MeetingRequest | None = None
    ) -> None:
        """Change what differs from ``previous``; no call if nothing does.

        The join link and passcode may be new afterwards; Zoom does not say, so :meth:`get` them.
        """
        body = payload.changes(payload.body(wanted), payload.body(previous) if previous else {})
        if body:
            self._write("PATCH", _path(meeting_id), body)

    def get(self, meeting_id: str) -> Meeting:
        body = self.call("GET", _path(meeting_id))
        with reading(self.name):
            return payload.meeting(body)

    def find(self, wanted: MeetingRequest, *, attempted_at: datetime) -> list[Meeting]:
        """See :meth:`VideoProvider.find <bookme.providers.video.VideoProvider.find>`.

        Listings cut the agenda to 250 characters; the reference stands in its first line.
        """
        listed = list(self._upcoming())
        marked = [entry for entry in listed if payload.reference(entry) == wanted.reference]
        alike = [entry for entry in listed if payload.is_alike(entry, wanted, attempted_at)]
        with reading(self.name):
            found = [payload.meeting(entry, listed=True) for entry in marked or alike]
        return sorted(found, key=lambda meeting: meeting.created_at or attempted_at)

    def mark(self, meeting: Meeting, reference: str) -> None:
        self.call("PATCH", _path(meeting.id), json=payload.mark(meeting.agenda, reference))

    def cancel(self, meeting_id: str) -> None:
        """Delete a meeting. Also returns if it is running or over: then there is nothing to do."""
        mails = {"schedule_for_reminder": "false", "cancel_meeting_reminder": "false"}
        try:
            self.call("DELETE", _path(meeting_id), params=mails)
        except NotFound:
            pass  # the host deleted it on zoom.us
        except NotAllowed as error:
            if error.code not in _TOO_LATE:
                raise

    def kind_of(
        self, answer: Answer, body: dict[str, Any] | None, code: int | str | None
    ) -> type[ProviderError]:
        if code == 300 and payload.blames(body or {}, "timezone"):
            return _ZoneRefused
        return super().kind_of(answer, body, code)

    def limit(self, answer: Answer, body: dict[str, Any]) -> tuple[datetime | None, bool]:
        """Zoom has three limits: requests a second, requests a day and account, and 100 creates and
        updates a day and user. The last is known by its words only.
        """
        at, _ = super().limit(answer, body)
        kind = str(answer.headers.get("X-RateLimit-Type", "")).lower()
        daily = "daily" in kind or (not kind and "daily" in str(body.get("message")).lower())
        if not daily:
            return at, False
        tomorrow = self.clock().astimezone(UTC) + timedelta(days=1)
        return at or tomorrow.replace(hour=0, minute=0, second=0, microsecond=0), True

    def _write(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.call(method, path, json=body)
        except _ZoneRefused:
            # The start is in UTC anyway; the zone is only how Zoom shows it.
            return self.call(method, path, json={**body, "timezone": "UTC"})

    def _upcoming(self) -> Iterator[dict[str, Any]]:
        params = {"type": "upcoming", "page_size": str(_PAGE_SIZE)}
        for _ in range(_MOST_PAGES):
            page = self.call("GET", "/users/me/meetings", params=params)
            with reading(self.name):
                meetings = page["meetings"]
                if not isinstance(meetings, list) or not all(isinstance(m, dict) for m in meetings):
                    raise TypeError("meetings")
                token = plain_text(page, "next_page_token")
            yield from meetings
            if token is None:
                return
            params["next_page_token"] = token
        # Half a list must not pass for "there is none", which would make a second meeting.
        raise ProviderUnavailable(self.name, f"listing goes on after {_MOST_PAGES} pages")


def _path(meeting_id: str) -> str:
    return f"/meetings/{quote(meeting_id, safe='')}"
