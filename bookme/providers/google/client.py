"""Google Calendar, with Meet: https://developers.google.com/workspace/calendar/api/v3/reference"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bookme.errors import NotAllowed, NotFound, Rejected
from bookme.providers import items
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
from bookme.providers.google import payload
from bookme.providers.google.api import GoogleApi, IdTaken
from bookme.providers.http.answers import objects, reading
from bookme.providers.zones import zone_named

#: Of an event: what is read of one of ours, and what tells whether it takes time.
_ENTRY = (
    "id,etag,status,summary,location,start,end,hangoutLink,"
    "conferenceData(createRequest/status,entryPoints(entryPointType,uri,passcode))"
)
_BUSY = (
    "nextPageToken,timeZone,"
    "items(id,status,transparency,eventType,start,end,attendees(self,responseStatus))"
)
_CALENDAR = "id,summary,summaryOverride,backgroundColor,primary,accessRole,timeZone"


class GoogleCalendar(GoogleApi):
    """Implements :class:`~bookme.providers.calendar.CalendarProvider`.

    :param zone: the host's own, for days in a calendar without a zone.
    """

    def __init__(self, base_url: str, token: str, *, zone: str = "UTC", **rest: Any) -> None:
        super().__init__(base_url, token, **rest)
        self._zone = zone_named(zone) or ZoneInfo("UTC")

    def me(self) -> Account:
        fields = "id,summary,conferenceProperties/allowedConferenceSolutionTypes"
        primary = self.call("GET", "/users/me/calendarList/primary", params={"fields": fields})
        with reading(self.name):
            found = payload.calendar(primary)
            return Account(found.id, found.id, payload.can_meet(primary))

    def calendars(self) -> list[CalendarInfo]:
        params = {"maxResults": "250", "fields": f"nextPageToken,items({_CALENDAR})"}
        # Those of which only free and busy are shown have no events to read.
        params["minAccessRole"] = "reader"
        with reading(self.name):
            pages = self.pages("/users/me/calendarList", params)
            found = [objects(page, "items") for page in pages]
            return [payload.calendar(listed) for page in found for listed in page]

    def busy(self, calendar_id: str, begin: datetime, end: datetime) -> Found:
        params = {
            "singleEvents": "true",
            "orderBy": "startTime",
            "timeMin": _rfc3339(begin),
            "timeMax": _rfc3339(end),
            "maxResults": "1000",  # more would not fit into the size that is read
            "maxAttendees": "1",  # which is the host himself
            "fields": _BUSY,
        }
        found = Found()
        with reading(self.name):
            for page in self.pages(_events(calendar_id), params):
                zone = payload.zone(page) or self._zone
                for event in items.listed(page, "items"):
                    payload.take(event, zone, found)
        return found

    def create(self, calendar_id: str, wanted: EntryRequest) -> Entry:
        """See :meth:`CalendarProvider.create <bookme.providers.calendar.CalendarProvider.create>`.

        The event's id comes from the request, and Google takes each once, also after a deletion.
        """
        asked = payload.changes(wanted, None)
        try:
            event = self._write("POST", _events(calendar_id), {"id": wanted.key, **asked})
        except IdTaken:
            self.get(calendar_id, wanted.key)
            # What that earlier try asked for may be old by now.
            event = self._changed(calendar_id, wanted.key, asked)
        except Rejected as error:
            if not wanted.wants_meeting:
                raise
            # An account without Meet is told that such a meeting is invalid.
            raise NotAllowed(self.name, "takes no meeting", code=NO_MEETING) from error
        entry = self._alive(event)
        if wanted.wants_meeting and entry.has_no_meeting:
            with after_effect():
                self.delete(calendar_id, entry.id)
            raise NotAllowed(self.name, "made no meeting", code=NO_MEETING)
        return entry

    def find(self, calendar_id: str, sent: EntryRequest) -> Entry | None:
        try:
            return self.get(calendar_id, sent.key)
        except NotFound:
            return None

    def get(self, calendar_id: str, entry_id: str) -> Entry:
        return self._alive(
            self.call("GET", _event(calendar_id, entry_id), params={"fields": _ENTRY})
        )

    def update(
        self,
        calendar_id: str,
        entry_id: str,
        wanted: EntryRequest,
        previous: EntryRequest | None = None,
    ) -> Entry:
        changes = payload.changes(wanted, previous)
        if not changes:
            return self.get(calendar_id, entry_id)
        return self._alive(self._changed(calendar_id, entry_id, changes))

    def delete(self, calendar_id: str, entry_id: str) -> None:
        try:
            self.call("DELETE", _event(calendar_id, entry_id), params={"sendUpdates": "none"})
        except NotFound:
            pass

    def _changed(self, calendar_id: str, entry_id: str, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._patch(calendar_id, entry_id, asked)
        except Rejected:
            rest = {name: value for name, value in asked.items() if name != "conferenceData"}
            if rest == asked:
                raise
        # The account may have lost Meet; time and place are to be right all the same.
        return self._patch(calendar_id, entry_id, rest)

    def _patch(self, calendar_id: str, entry_id: str, asked: dict[str, Any]) -> dict[str, Any]:
        return self._write("PATCH", _event(calendar_id, entry_id), payload.without_days(asked))

    def _write(self, method: str, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        # Without the version Google drops conferenceData in silence.
        params = {"conferenceDataVersion": "1", "sendUpdates": "none", "fields": _ENTRY}
        try:
            return self.call(method, path, params=params, json=asked)
        except IdTaken:
            raise
        except Rejected:
            plainer = payload.without_zone(asked)
            if plainer == asked:
                raise
            # Perhaps the zone, which Google need not know. If not, it is refused again.
            return self.call(method, path, params=params, json=plainer)

    def _alive(self, event: dict[str, Any]) -> Entry:
        if payload.is_deleted(event):
            raise NotFound(self.name, "the event has been deleted", code=DELETED)
        with reading(self.name):
            return payload.entry(event)


def _events(calendar_id: str) -> str:
    return f"/calendars/{quote(calendar_id, safe='')}/events"


def _event(calendar_id: str, event_id: str) -> str:
    return f"{_events(calendar_id)}/{quote(event_id, safe='')}"


def _rfc3339(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
