"""The way in to a schedule: its address, and with it, where one is needed, a single-use link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort

from bookme.bookings import links
from bookme.bookings.links import LinkState
from bookme.models import BookingLink, Schedule, Visibility
from bookme.public import lookups
from bookme.public.carried import may_answer
from bookme.public.versions import Seen
from bookme.web import htmx


@dataclass(frozen=True, slots=True)
class Entrance:
    """A schedule that may be seen, and the link by which somebody came, if by one.

    :ivar carried: what the addresses and forms of its pages take along.
    """

    schedule: Schedule
    link: BookingLink | None
    carried: dict[str, str]

    def is_shut(self, now: datetime) -> bool:
        """Whether the link admits nobody any more."""
        return self.link is not None and links.state(self.link, now=now) is not LinkState.OPEN


def entrance(
    handle: str,
    slug: str,
    asked: Mapping[str, str],
    *,
    asking: bool = False,
    seen: Seen | None = None,
) -> Entrance:
    """What an address leads to; a 404 where a link is needed and there is none, and for one that
    was never made.

    :param asking: the page asks who books.
    :param seen: the host's version, for a page that only reads.
    """
    if seen is not None:
        schedule = lookups.shown_schedule(seen, slug, asking=asking or may_answer(asked))
    else:
        schedule = lookups.published_schedule(handle, slug, asking=asking)
    secret = asked.get("link", "")
    link = links.find(schedule, secret) if secret else None
    if link is None and (secret or schedule.visibility is Visibility.BY_LINK):
        abort(404)
    return Entrance(schedule, link, {"link": secret} if link is not None else {})


def shut_page(come: Entrance, now: datetime, status: int = 410) -> Response:
    """Says why a link admits nobody any more."""
    return unlisted(
        htmx.render(
            "public/spent.html",
            "public/_spent.html",
            status,
            schedule=come.schedule,
            link=come.link,
            state=links.state(come.link, now=now) if come.link is not None else None,
        ),
        come.schedule,
    )


def unlisted(response: Response, schedule: Schedule) -> Response:
    """Keep a page out of search engines unless its schedule stands on the host's page."""
    if schedule.visibility is not Visibility.LISTED:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
