"""Microsoft Graph's events as JSON: what it is sent, and what it answers."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from bookme.providers import items
from bookme.providers.calendar import CalendarInfo, Entry, EntryRequest, Found, Link
from bookme.providers.http.answers import nested, plain_text
from bookme.providers.microsoft import teams_body
from bookme.providers.zones import midnight, zone_named

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_FREE = ("free", "workingElsewhere")
_UTC = ZoneInfo("UTC")


def body(wanted: EntryRequest) -> dict[str, Any]:
    """The entry, but for its meeting. There are never attendees, so Exchange invites nobody.

    Times are in UTC: exact in the hour that happens twice too, and in no zone that Exchange might
    not know, or know other rules of. Outlook shows them in its user's own.
    """
    return {
        "subject": wanted.summary,
        "body": {"contentType": "html", "content": teams_body.page(wanted.description)},
        "location": {"displayName": wanted.place},
        "start": _time(wanted.starts_at),
        "end": _time(wanted.ends_at),
    }


def changes(wanted: EntryRequest, previous: EntryRequest | None) -> dict[str, Any]:
    """What of one request is not in another; all of it if there is no other.

    Start and end go together. A meeting is asked for once: named again, Exchange removes it.
    """
    wish, before = body(wanted), body(previous) if previous else {}
    changed = {name: value for name, value in wish.items() if before.get(name) != value}
    if changed.keys() & {"start", "end"}:
        changed |= {"start": wish["start"], "end": wish["end"]}
    if wanted.asks_for_meeting(previous):
        changed |= {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
    return changed


def _time(at: datetime) -> dict[str, str]:
    return {"dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}


def entry(event: dict[str, Any]) -> Entry:
    """Read an event.

    :raises ValueError: or another of those that
        :func:`~bookme.providers.http.answers.reading` takes, if the body has no event in it.
    """
    meeting = _meeting(event)
    return Entry(
        id=_id(event),
        etag=plain_text(event, "@odata.etag"),
        meeting=meeting,
        meeting_pending=meeting is None and event.get("isOnlineMeeting") is True,
        title=_text(event, "subject"),
        location=_text(nested(event, "location"), "displayName"),
        starts_at=_shown(event, "start"),
        ends_at=_shown(event, "end"),
    )


def _id(body: Mapping[str, Any]) -> str:
    value = plain_text(body, "id", most=1024)
    if value is None:
        raise ValueError("id")
    return value


def _text(body: Mapping[str, Any], key: str) -> str | None:
    return (plain_text(body, key) or "") if key in body else None


def _meeting(event: dict[str, Any]) -> Link | None:
    # Not onlineMeetingUrl, which is null, nor the link of another provider's meeting.
    url = plain_text(nested(event, "onlineMeeting"), "joinUrl", most=2000)
    if url is None or event.get("isOnlineMeeting") is False:
        return None
    if not url.startswith(("https://", "http://")):
        raise ValueError("joinUrl")
    return Link(url)


def _shown(event: dict[str, Any], name: str) -> datetime | None:
    time = nested(event, name)
    return _instant(time) if time else None


def _instant(time: dict[str, Any]) -> datetime:
    # With seven decimals, of which Python reads six and drops the rest.
    shown = datetime.fromisoformat(time["dateTime"])
    zone = zone_named(plain_text(time, "timeZone"))
    if shown.tzinfo is None:
        shown = shown.replace(tzinfo=zone or _UTC)
    return shown.astimezone(UTC)


def content(event: dict[str, Any]) -> str:
    """The HTML of an event's body."""
    return plain_text(nested(event, "body"), "content") or ""


def calendar(listed: dict[str, Any]) -> CalendarInfo:
    """Read one of the calendars in a list; raises as :func:`entry`."""
    color = plain_text(listed, "hexColor") or ""
    return CalendarInfo(
        id=_id(listed),
        name=plain_text(listed, "name") or gettext("Calendar"),
        color=color if _COLOR.fullmatch(color) else None,
        is_primary=listed.get("isDefaultCalendar") is True,
        may_write=listed.get("canEdit") is True,
        zone=None,
    )


def can_meet(listed: dict[str, Any]) -> bool:
    """Whether Teams meetings may be asked for in a calendar's events."""
    kinds = listed.get("allowedOnlineMeetingProviders")
    return isinstance(kinds, list) and "teamsForBusiness" in kinds


def take(event: Any, zone: ZoneInfo, found: Found) -> None:
    """Add what an event takes to what is found.

    :param zone: of days that do not say their own.
    """
    items.take(
        event,
        found,
        is_free=_is_free,
        begin=lambda one: _edge(one, "start", zone),
        end=lambda one: _edge(one, "end", zone),
    )


def _edge(event: dict[str, Any], name: str, zone: ZoneInfo) -> datetime:
    at = _instant(nested(event, name))
    return _day(at, event, zone) if event.get("isAllDay") is True else at


def _is_free(event: dict[str, Any]) -> bool:
    return (
        event.get("isCancelled") is True
        or event.get("showAs") in _FREE
        or nested(event, "responseStatus").get("response") == "declined"
    )


def _day(at: datetime, event: dict[str, Any], zone: ZoneInfo) -> datetime:
    """The instant behind a whole day's midnight.

    Graph gives it in UTC, or whatever zone was asked for, and means midnight in the zone that the
    day was made in: https://github.com/microsoftgraph/microsoft-graph-docs/issues/1802
    """
    if (at.hour, at.minute) != (0, 0):
        return at
    own = zone_named(plain_text(event, "originalStartTimeZone"))
    # Repeated days say UTC whatever they were made in.
    return midnight(at.date(), own if own is not None and own.key != "UTC" else zone)
