"""Google's events as JSON: what it is sent, and what it answers."""

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bookme.providers import items
from bookme.providers.calendar import CalendarInfo, Entry, EntryRequest, Found, Link
from bookme.providers.http.answers import nested, objects, plain_text
from bookme.providers.zones import as_instant, midnight, zone_named

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_WRITERS = ("owner", "writer", "writerWithoutPrivateAccess")
#: Kinds of event that say where somebody is or what day it is.
_NO_APPOINTMENTS = ("workingLocation", "birthday")


def body(wanted: EntryRequest) -> dict[str, Any]:
    """The entry, but for its meeting. There are never attendees, so Google invites nobody."""
    return {
        "summary": wanted.summary,
        "description": _harmless(wanted.description),
        "location": wanted.place,
        "start": _time(wanted.starts_at, wanted.zone),
        "end": _time(wanted.ends_at, wanted.zone),
        "source": {"title": "BookMe", "url": wanted.url},
    }


def changes(wanted: EntryRequest, previous: EntryRequest | None) -> dict[str, Any]:
    """What of one request is not in another; all of it if there is no other.

    Start and end go together. A meeting is asked for once, and never made anew.
    """
    wish, before = body(wanted), body(previous) if previous else {}
    changed = {name: value for name, value in wish.items() if before.get(name) != value}
    if changed.keys() & {"start", "end"}:
        changed |= {"start": wish["start"], "end": wish["end"]}
    if wanted.asks_for_meeting(previous):
        changed["conferenceData"] = _conference(wanted)
    elif previous is not None and previous.wants_meeting and not wanted.wants_meeting:
        changed["conferenceData"] = None
    return changed


def without_days(asked: dict[str, Any]) -> dict[str, Any]:
    """The same times in place of days, which the host may have made of them."""
    return {**asked, **{name: {**time, "date": None} for name, time in _times(asked)}}


def without_zone(asked: dict[str, Any]) -> dict[str, Any]:
    """The same times without the zone they are shown in."""
    plain = {
        name: {n: v for n, v in time.items() if n != "timeZone"} for name, time in _times(asked)
    }
    return {**asked, **plain}


def _times(asked: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(name, asked[name]) for name in ("start", "end") if name in asked]


def _time(at: datetime, zone: str) -> dict[str, str]:
    # The Z decides; the zone is only how Google shows the time while it is edited.
    return {"dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "timeZone": zone}


def _conference(wanted: EntryRequest) -> dict[str, Any]:
    # Google ignores a requestId that it has seen: a repeated try makes no second meeting.
    meet = {"type": "hangoutsMeet"}
    return {"createRequest": {"requestId": wanted.meeting_key, "conferenceSolutionKey": meet}}


def _harmless(text: str) -> str:
    # Google shows descriptions as HTML, and strangers may have written in this one.
    return text.replace("<", "‹").replace(">", "›")


def entry(event: dict[str, Any]) -> Entry:
    """Read an event.

    :raises ValueError: or another of those that
        :func:`~bookme.providers.http.answers.reading` takes, if the body has no event in it.
    """
    event_id = plain_text(event, "id", most=1024)
    if event_id is None:
        raise ValueError("id")
    meeting = _meeting(event)
    return Entry(
        id=event_id,
        etag=plain_text(event, "etag"),
        meeting=meeting,
        meeting_pending=meeting is None and _conference_state(event) == "pending",
        title=plain_text(event, "summary") or "",  # Google leaves out what is empty
        location=plain_text(event, "location") or "",
        starts_at=_shown(event, "start"),
        ends_at=_shown(event, "end"),
    )


def is_deleted(event: dict[str, Any]) -> bool:
    """Whether an event is only remembered."""
    return event.get("status") == "cancelled"


def _conference_state(event: dict[str, Any]) -> str | None:
    request = nested(nested(event, "conferenceData"), "createRequest")
    return plain_text(nested(request, "status"), "statusCode")


def _meeting(event: dict[str, Any]) -> Link | None:
    ways = objects(nested(event, "conferenceData"), "entryPoints")
    video: dict[str, Any] = next((one for one in ways if one.get("entryPointType") == "video"), {})
    url = plain_text(event, "hangoutLink", most=2000) or plain_text(video, "uri", most=2000)
    if url is None:
        return None
    if not url.startswith(("https://", "http://")):
        raise ValueError("hangoutLink")
    return Link(url, plain_text(video, "passcode", most=64))


def _shown(event: dict[str, Any], name: str) -> datetime | None:
    time = nested(event, name)
    return _instant(time, ZoneInfo("UTC")) if time else None


def calendar(listed: dict[str, Any]) -> CalendarInfo:
    """Read one of the calendars in a list; raises as :func:`entry`."""
    calendar_id = plain_text(listed, "id", most=1024)
    if calendar_id is None:
        raise ValueError("id")
    color = plain_text(listed, "backgroundColor") or ""
    zone = zone_named(plain_text(listed, "timeZone"))
    return CalendarInfo(
        id=calendar_id,
        name=plain_text(listed, "summaryOverride") or plain_text(listed, "summary") or calendar_id,
        color=color if _COLOR.fullmatch(color) else None,
        is_primary=listed.get("primary") is True,
        may_write=listed.get("accessRole") in _WRITERS,
        zone=zone.key if zone else None,
    )


def can_meet(listed: dict[str, Any]) -> bool:
    """Whether Google Meet may be asked for in a calendar's events."""
    kinds = nested(listed, "conferenceProperties").get("allowedConferenceSolutionTypes")
    return isinstance(kinds, list) and "hangoutsMeet" in kinds


def take(event: Any, zone: ZoneInfo, found: Found) -> None:
    """Add what an event takes to what is found."""
    items.take(
        event,
        found,
        is_free=_is_free,
        begin=lambda one: _instant(nested(one, "start"), zone),
        end=lambda one: _instant(nested(one, "end"), zone),
    )


def zone(page: dict[str, Any]) -> ZoneInfo | None:
    """The zone of a calendar, as a page of its events tells it."""
    name = page.get("timeZone")
    return zone_named(name) if isinstance(name, str) else None


def _is_free(event: dict[str, Any]) -> bool:
    guests = objects(event, "attendees")
    own: dict[str, Any] = next((one for one in guests if one.get("self") is True), {})
    return (
        event.get("status") == "cancelled"
        or event.get("transparency") == "transparent"
        or event.get("eventType") in _NO_APPOINTMENTS
        or own.get("responseStatus") == "declined"
    )


def _instant(time: dict[str, Any], zone: ZoneInfo) -> datetime:
    if time.get("date"):
        return midnight(date.fromisoformat(time["date"]), zone)
    return as_instant(datetime.fromisoformat(time["dateTime"]), zone)
