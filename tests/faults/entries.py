"""What BookMe has written into calendars, as the sandbox holds it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

_BOOKING = re.compile(r"/dashboard/bookings/([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, in one shape for all providers.

    :ivar user: whose calendar it is in, as the provider knows him.
    :ivar reference: the booking whose page its text leads to; empty if it leads to none.
    :ivar link: of the meeting that it carries; empty if it carries none.
    """

    provider: str
    user: str
    is_main: bool
    id: str
    reference: str
    title: str
    place: str
    text: str
    starts_at: datetime
    ends_at: datetime
    link: str = ""
    is_deleted: bool = False


def placed(
    events: Iterable[dict[str, Any]], icloud: Iterable[dict[str, Any]], url: str
) -> list[Entry]:
    """The entries that the app has made.

    :param events: Google's and Microsoft's, deleted ones included; of iCloud those that are there.
    :param url: the sandbox's.
    """
    return [*_kept(events, url), *_clouds(icloud)]


def _kept(events: Iterable[dict[str, Any]], url: str) -> Iterator[Entry]:
    read = {"google": _googles, "microsoft": _microsofts}
    for one in events:
        if one["made_by"] == "app":
            key, provider = one["link_key"], one["provider"]
            yield Entry(
                provider=provider,
                id=one["id"],
                user=one["user"],
                is_main=bool(one["main"]),
                **_times(one),
                **_worded(*read[provider](one["body"])),
                link=f"{url}/{provider}/meet/{key}" if key else "",
                is_deleted=one["deleted_at"] is not None,
            )


def _clouds(icloud: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    for one in icloud:
        if one["made_by"] == "app":
            yield Entry(
                provider="icloud",
                id=one["id"],
                user=one["user"],
                is_main=bool(one["main"]),
                **_times(one),
                **_worded(one["title"], one["place"], one["notes"]),
            )


def _googles(body: dict[str, Any]) -> tuple[str, str, str]:
    return body.get("summary", ""), body.get("location", ""), body.get("description", "")


def _microsofts(body: dict[str, Any]) -> tuple[str, str, str]:
    content = unescape(body["body"]["content"])
    return body.get("subject", ""), body.get("location", {}).get("displayName", ""), content


def _worded(title: str, place: str, text: str) -> dict[str, Any]:
    found = _BOOKING.search(text)
    reference = found[1] if found else ""
    return {"title": title, "place": place, "text": text, "reference": reference}


def _times(one: dict[str, Any]) -> dict[str, datetime]:
    return {
        f"{name}s_at": datetime.fromisoformat(one[f"{name}_at"]).astimezone(UTC)
        for name in ("start", "end")
    }
