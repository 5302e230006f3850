"""Lists of bookings as HTML. Written here and not by a template, which takes five times as long for
the two dozen rows of a page.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from bookme.bookings.dashboard import words
from bookme.bookings.dashboard.rows import Row
from bookme.models import User
from bookme.web.filters import day, near_day, span, typed


class Writer:
    """Writes a host's bookings on one page. What most rows have alike is said once."""

    def __init__(self, host: User, now: datetime) -> None:
        self._host, self._now = host, now
        self._here = escape(url_for("bookings.index"))
        self._known: dict[Hashable, str] = {}

    def rows(self, bookings: Iterable[Row], dated: bool = True) -> Markup:
        """Bookings as a list, those of today with the way in.

        :param dated: false under a heading that says the day.
        """
        items = "\n".join([self._item(one, self._day(one) if dated else "") for one in bookings])
        return Markup(f'<ul class="list" role="list">{items}</ul>')

    def _item(self, booking: Row, on: str) -> str:
        host = self._host
        return (
            f'<li class="booking{"" if booking.holds_time else " gone"}">\n'
            f'<span class="when">{on}{escape(span(booking, host.zone, host.clock_hours))}</span>\n'
            f'<div><a class="cover" href="{self._here}/{booking.reference}">'
            f"{escape(booking.name or _('Deleted booker'))}</a><br>\n"
            f"<small>{self._what(booking)}</small></div>\n"
            f'<div class="row">{self._state(booking)}{self._way_in(booking)}</div></li>'
        )

    def _day(self, booking: Row) -> str:
        host = self._host
        on = near_day(day(booking.starts_at, host.zone), host.zone, host.locale)
        return f"{escape(on)}<br>"

    def _what(self, booking: Row) -> str:
        alike = booking.title, booking.location_kind, booking.video_provider
        return self._once(alike, lambda: escape(words.what(booking)))

    def _state(self, booking: Row) -> str:
        is_over = booking.is_over(self._now)
        moves, is_met = booking.asked_to_move_at is not None, bool(booking.join_url)
        is_stuck = bool(booking.trouble) and booking.holds_time and not is_over
        alike = booking.status, booking.missed, moves, is_over, is_stuck, is_met
        return self._once(alike, lambda: self._badge(booking, is_stuck))

    def _badge(self, booking: Row, is_stuck: bool) -> str:
        kind, said = words.status(booking, self._now)
        if is_stuck:
            kind, said = "warn", _("Not up to date") if booking.join_url else _("No link yet")
        return f'<span class="badge {kind}">{escape(said)}</span>'

    def _way_in(self, booking: Row) -> str:
        """The button to a meeting of today."""
        name, url = booking.name, booking.join_url
        is_met = name and url and booking.is_confirmed
        if not is_met or not words.is_today(booking, self._now, self._host.zone):
            return ""
        said = Markup(_('Join<span class="unseen"> the meeting with %(name)s</span>'))
        return f' <a class="button" href="{escape(url)}">{said % {"name": typed(name or "")}}</a>'

    def _once(self, alike: Hashable, write: Callable[[], str]) -> str:
        if alike not in self._known:
            self._known[alike] = write()
        return self._known[alike]
