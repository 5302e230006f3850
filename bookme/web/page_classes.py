"""The classes of pages that are measured together, and how long each may take.

docs/performance.md says the same in words, and ``/metrics`` tells the alert rules; tests hold them
together.
"""

from collections.abc import Mapping
from enum import StrEnum


class Page(StrEnum):
    """A class of pages, by what people do there."""

    PUBLIC = "public"
    DETAILS = "details"
    BOOKING = "booking"
    DASHBOARD = "dashboard"
    ACCOUNT = "account"
    CONNECTING = "connecting"
    DOWNLOAD = "download"
    WEBHOOK = "webhook"
    FEED = "feed"
    FILE = "file"
    HEALTH = "health"
    UNKNOWN = "unknown"


#: Seconds at the 99th percentile; see docs/performance.md, "Budgets".
BUDGETS: Mapping[Page, float] = {
    Page.PUBLIC: 0.25,
    Page.FILE: 0.25,
    Page.UNKNOWN: 0.25,
    Page.DETAILS: 0.3,
    Page.BOOKING: 0.5,
    Page.DASHBOARD: 0.5,
    Page.ACCOUNT: 1,
    Page.WEBHOOK: 1,
    Page.FEED: 1,
    Page.HEALTH: 1,
    Page.CONNECTING: 5,
    Page.DOWNLOAD: 5,
}

#: By the feature, where its endpoint has no class of its own.
_OF_FEATURE: Mapping[str, Page] = {
    **dict.fromkeys(("help", "report", "styleguide"), Page.PUBLIC),
    "public": Page.DETAILS,
    **dict.fromkeys(
        (
            *("ahead", "bookings", "connections", "embedding", "face", "feed", "hours", "links"),
            *("numbers", "operator", "schedules", "settings", "setup", "sharing", "unwanted"),
        ),
        Page.DASHBOARD,
    ),
    "accounts": Page.ACCOUNT,
    "export": Page.DOWNLOAD,
    "webhooks": Page.WEBHOOK,
    **dict.fromkeys(("health", "metrics"), Page.HEALTH),
}
_OF_ENDPOINT: Mapping[str, Page] = {
    **dict.fromkeys(("public.landing", "public.host", "public.show"), Page.PUBLIC),
    **dict.fromkeys(("robots", "security_txt"), Page.PUBLIC),
    **dict.fromkeys(
        (
            *("public.book", "public.cancelled", "public.confirm_new_address"),
            *("public.confirmed", "public.correct", "public.erase", "public.leave"),
            *("public.move", "public.send_links", "public.stop_reminders", "report.send"),
        ),
        Page.BOOKING,
    ),
    **dict.fromkeys(
        (
            *("static", "face.accent", "face.picture", "public.calendar_file", "public.card"),
            "public.host_card",
        ),
        Page.FILE,
    ),
    **dict.fromkeys(
        (
            *(
                "accounts.provider_callback",
                "connections.callback",
                "connections.choose",
                "connections.connect_by_password",
            ),
            *("connections.disconnect", "connections.list_again", "connections.replace"),
            "connections.test",
        ),
        Page.CONNECTING,
    ),
    "bookings.download": Page.DOWNLOAD,
    "feed.calendar": Page.FEED,
}


def page_class(endpoint: str | None) -> Page:
    """The class of a page by its endpoint; None is that of an address which there is not."""
    if endpoint is None:
        return Page.UNKNOWN
    feature = endpoint.partition(".")[0]
    return _OF_ENDPOINT.get(endpoint) or _OF_FEATURE.get(feature, Page.UNKNOWN)
