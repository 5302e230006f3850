"""The calendars of an account, as a CalDAV server lists them."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from flask_babel import gettext

from bookme.providers.calendar import CalendarInfo
from bookme.providers.icloud.dav import names
from bookme.providers.zones import zone_named

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
#: In the definition of a zone that stands where one might expect a name.
_TZID = re.compile(r"^TZID(?:;[^:\r\n]*)?:(.+?)\s*$", re.MULTILINE)
_WRITING = {f"{{DAV:}}{name}" for name in ("all", "write", "write-content", "bind")}


def calendars(at: str, listed: Iterable[tuple[str, dict[str, Any]]]) -> list[CalendarInfo]:
    """The calendars for appointments among what is listed.

    :param at: where it was listed. Paths are on this host, whatever host the server names: iCloud
        names both, and a calendar must not seem to be two.
    """
    found = [
        (urljoin(at, path), properties)
        for path, properties in listed
        if _is_for_appointments(properties)
    ]
    primary = _primary(found)
    return [_calendar(url, properties, url == primary) for url, properties in found]


def _calendar(url: str, properties: dict[str, Any], is_primary: bool) -> CalendarInfo:
    color = str(properties.get(names.COLOR) or "")[:7]  # without how opaque it is
    return CalendarInfo(
        id=url,
        name=str(properties.get(names.DISPLAY_NAME) or gettext("Calendar")),
        color=color if _COLOR.fullmatch(color) else None,
        is_primary=is_primary,
        may_write=_may_write(properties),
        zone=_zone(properties),
    )


def _is_for_appointments(properties: dict[str, Any]) -> bool:
    kinds = properties.get(names.KIND) or []
    components = properties.get(names.COMPONENTS)
    return names.CALENDAR_KIND in kinds and (not components or "VEVENT" in components)


def _may_write(properties: dict[str, Any]) -> bool:
    privileges = properties.get(names.PRIVILEGES)
    return not isinstance(privileges, list) or not _WRITING.isdisjoint(privileges)


def _primary(found: list[tuple[str, dict[str, Any]]]) -> str | None:
    # Nothing says which it is. The one that every account starts with has this name.
    ours = [url for url, properties in found if _may_write(properties)]
    return next((url for url in ours if url.endswith("/home/")), ours[0] if ours else None)


def _zone(properties: dict[str, Any]) -> str | None:
    named = _TZID.search(str(properties.get(names.TIME_ZONE) or ""))
    zone = zone_named(named[1]) if named else None
    return zone.key if zone else None
