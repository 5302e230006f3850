"""Free times as a mail says them: as text and as HTML, in the reader's zone and language."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from bookme.bookings import months
from bookme.models import Schedule, User
from bookme.public.browser import Custom, custom_of
from bookme.typed import apart
from bookme.web.filters import absolute, clock, duration, instant, long_day, zone_time
from bookme.web.words import spoken_to


@dataclass(frozen=True, slots=True)
class Letter:
    """:ivar rich: HTML to paste into a mail; it has no styles but what tags mean."""

    text: str
    rich: str


def letter(
    schedule: Schedule,
    starts: list[datetime],
    *,
    minutes: int,
    zone: str,
    language: str,
    secret: str = "",
) -> Letter:
    """Each time with a link that opens the form at it.

    :param secret: of the single-use link that all of them take, where the schedule needs one.
    """
    custom = _custom(language, schedule.host)
    way: dict[str, Any] = {"handle": schedule.owner.handle, "slug": schedule.slug}
    way |= {"zone": zone, "language": language} | ({"link": secret} if secret else {})

    def link(start: datetime) -> str:
        return absolute(url_for("public.details", at=instant(start), minutes=minutes, **way))

    days: dict[date, list[tuple[datetime, str]]] = {
        on: [(start, link(start)) for start in times]
        for on, times in months.by_day(starts, zone).items()
    }
    said: dict[str, Any] = {
        "schedule": schedule,
        "days": days,
        "minutes": minutes,
        "zone": zone,
        "custom": custom,
        "all_times": absolute(url_for("public.show", **way)),
    }
    with spoken_to(language):
        return Letter(_text(**said), render_template("sharing/_letter.html", **said).strip())


def _text(
    *,
    schedule: Schedule,
    days: dict[date, list[tuple[datetime, str]]],
    minutes: int,
    zone: str,
    custom: Custom,
    all_times: str,
) -> str:
    """The same as plain text."""
    names = {"title": apart(schedule.title), "host": apart(schedule.owner.name)}
    paragraphs = [
        [_("%(title)s with %(host)s", **names), duration(minutes)],
        [_("Which of these times suits you? Open its link to book it.")],
    ]
    for on, starts in days.items():
        lines = [f"{clock(start, zone, custom.hours)}: {link}" for start, link in starts]
        paragraphs.append([long_day(on, custom.locale, year=True), *lines])
    paragraphs.append(
        [
            _("Time zone: %(zone)s.", zone=zone_time(zone)),
            _("See all times: %(address)s", address=all_times),
        ]
    )
    return "\n\n".join("\n".join(lines) for lines in paragraphs) + "\n"


def _custom(language: str, host: User) -> Custom:
    """How readers of a language write times; those of the host's own as the host does."""
    own = Custom(host.locale, host.clock_hours)
    if host.locale.partition("_")[0] == language.partition("_")[0]:
        return own
    return custom_of(language) or own
