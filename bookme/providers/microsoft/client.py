"""Outlook calendars, with Teams: https://learn.microsoft.com/graph/api/resources/calendar"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bookme.errors import NotAllowed, NotFound, Rejected
from bookme.providers.calendar import (
    DELETED,
    NO_MEETING,
    Account,
    CalendarInfo,
    Entry,
    EntryRequest,
    Found,
    after_effect,
)
from bookme.providers.http.answers import plain_text, reading
from bookme.providers.microsoft import payload, teams_body
from bookme.providers.microsoft.graph import Graph, IdTaken
from bookme.providers.zones import zone_named

_ENTRY = "id,subject,location,start,end,isOnlineMeeting,onlineMeeting,transactionId,isCancelled"
_BUSY = "id,start,end,showAs,isCancelled,isAllDay,responseStatus,originalStartTimeZone"
_CALENDAR = "id,name,hexColor,isDefaultCalendar,canEdit"
#: How far from its time an entry is looked for that must be there and is not in its place.
_FAR = timedelta(days=90)


class OutlookCalendar(Graph):
    """Implements :class:`~bookme.providers.calendar.CalendarProvider`.

    :param zone: the host's own, for days that do not say theirs.
    """

    def __init__(self, base_url: str, token: str, *, zone: str = "UTC", **rest: Any) -> None:
        super().__init__(base_url, token, **rest)
        self._zone = zone_named(zone) or ZoneInfo("UTC")

    def me(self) -> Account:
        names = "id,displayName,mail,userPrincipalName"
        user = self.call("GET", "/me", params={"$select": names})
        main = self.call(
            "GET", "/me/calendar", params={"$select": "id,allowedOnlineMeetingProviders"}
        )
        with reading(self.name):
            found = (
                plain_text(user, name) for name in ("mail", "userPrincipalName", "displayName")
            )
            user_id = plain_text(user, "id")
            if user_id is None:
                raise ValueError("id")
            label = next((one for one in found if one), "Microsoft Outlook")
            return Account(user_id, label, payload.can_meet(main))

    def calendars(self) -> list[CalendarInfo]:
        params = {"$select": _CALENDAR, "$top": "100"}
        with reading(self.name):
            return [payload.calendar(one) for one in self.listed("/me/calendars", params)]

    def busy(self, calendar_id: str, begin: datetime, end: datetime) -> Found:
        found = Found()
        with reading(self.name):
            for event in self._view(calendar_id, begin, end, _BUSY):
                payload.take(event, self._zone, found)
        return found

    def create(self, calendar_id: str, wanted: EntryRequest) -> Entry:
        """See :meth:`CalendarProvider.create <bookme.providers.calendar.CalendarProvider.create>`.

        Exchange makes one event of a transactionId, but forgets them at a time it does not tell; so
        the calendar is looked at first.
        """
        made = self._find(calendar_id, wanted, timedelta())
        if made is None:
            made = self._posted(calendar_id, wanted)
        with after_effect():
            if made.differs_from(wanted):
                made = self._change(made.id, wanted, payload.body(wanted))
            if wanted.wants_meeting and made.has_no_meeting:
                made = self.get(calendar_id, made.id)  # it may come a moment later
            is_useless = wanted.wants_meeting and made.has_no_meeting
            if is_useless:
                self.delete(calendar_id, made.id)
        if is_useless:
            raise NotAllowed(self.name, "made no meeting", code=NO_MEETING)
        return made

    def _posted(self, calendar_id: str, wanted: EntryRequest) -> Entry:
        asked = {**payload.changes(wanted, None), "transactionId": wanted.key}
        try:
            return self._read(self.call("POST", f"{_calendar(calendar_id)}/events", json=asked))
        except IdTaken:
            made = self._find(calendar_id, wanted, _FAR)
        if made is None:
            raise NotFound(self.name, "the event has been deleted", code=DELETED)
        return made

    def find(self, calendar_id: str, sent: EntryRequest) -> Entry | None:
        in_place = self._find(calendar_id, sent, timedelta())
        return in_place or self._find(calendar_id, sent, _FAR)

    def get(self, calendar_id: str, entry_id: str) -> Entry:
        return self._read(self.call("GET", _event(entry_id), params={"$select": _ENTRY}))

    def update(
        self,
        calendar_id: str,
        entry_id: str,
        wanted: EntryRequest,
        previous: EntryRequest | None = None,
    ) -> Entry:
        changes = payload.changes(wanted, previous)
        if previous is None and not (
            wanted.wants_meeting and self.get(calendar_id, entry_id).has_no_meeting
        ):
            # What was sent is not known, and a meeting that is named again is removed.
            changes = payload.body(wanted)
        if not changes:
            return self.get(calendar_id, entry_id)
        return self._change(entry_id, wanted, changes)

    def delete(self, calendar_id: str, entry_id: str) -> None:
        try:
            self.call("DELETE", _event(entry_id))
        except NotFound:
            pass

    def _change(self, entry_id: str, wanted: EntryRequest, changes: dict[str, Any]) -> Entry:
        if "body" in changes:
            changes = self._sparing_teams(entry_id, wanted, changes)
        try:
            return self._read(self.call("PATCH", _event(entry_id), json=changes))
        except Rejected:
            if "start" not in changes or not self._is_whole_day(entry_id):
                raise
        # The host has made a whole day of it, which begins at midnight or not at all.
        return self._read(self.call("PATCH", _event(entry_id), json={**changes, "isAllDay": False}))

    def _is_whole_day(self, entry_id: str) -> bool:
        event = self.call("GET", _event(entry_id), params={"$select": "id,isAllDay"})
        return event.get("isAllDay") is True

    def _sparing_teams(
        self, entry_id: str, wanted: EntryRequest, changes: dict[str, Any]
    ) -> dict[str, Any]:
        event = self.call("GET", _event(entry_id), params={"$select": f"{_ENTRY},body"})
        with reading(self.name):
            meeting = payload.entry(event).meeting
            if meeting is None:
                return changes
            content = teams_body.replaced(
                payload.content(event),
                wanted.description,
                join_url=meeting.join_url,
                own_url=wanted.url,
            )
        if content is None:
            # Better an old text than a meeting that nobody can join.
            return {name: value for name, value in changes.items() if name != "body"}
        return {**changes, "body": {"contentType": "html", "content": content}}

    def _find(self, calendar_id: str, wanted: EntryRequest, around: timedelta) -> Entry | None:
        begin, end = wanted.starts_at - around, wanted.ends_at + around
        with reading(self.name):
            for event in self._view(calendar_id, begin, end, _ENTRY):
                if isinstance(event, dict) and event.get("transactionId") == wanted.key:
                    return payload.entry(event)
        return None

    def _read(self, event: dict[str, Any]) -> Entry:
        with reading(self.name):
            return payload.entry(event)

    def _view(self, calendar_id: str, begin: datetime, end: datetime, fields: str) -> Iterator[Any]:
        params = {
            "startDateTime": f"{begin.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "endDateTime": f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "$select": fields,
            "$top": "500",
        }
        return self.listed(f"{_calendar(calendar_id)}/calendarView", params)


def _calendar(calendar_id: str) -> str:
    return f"/me/calendars/{quote(calendar_id, safe='')}"


def _event(entry_id: str) -> str:
    return f"/me/events/{quote(entry_id, safe='')}"
