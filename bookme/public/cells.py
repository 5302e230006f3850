"""The cells of a picker as HTML writes them: the days of its weeks, and the times of a day.

Made here and not by templates, which take three times as long over the dozens of each. What is a
text in them is escaped where it is put in.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache

from flask_babel import gettext as _
from markupsafe import Markup, escape

from bookme.public.days import Day
from bookme.public.links import Links
from bookme.web.filters import clock, day_in_words, part_of_day, written


def heads(links: Links) -> Markup:
    """The heads of the columns: each day's name in short."""
    return _heads(tuple(links.picker.calendar.heads))


@lru_cache(maxsize=128)
def _heads(names: tuple[tuple[str, str], ...]) -> Markup:
    cell = Markup('<th scope="col"><abbr title="{}">{}</abbr></th>')
    return Markup("").join(cell.format(name, short) for name, short in names)


def weeks(links: Links) -> Markup:
    """The rows of the weeks that are shown; days with free times are links."""
    before, after = links.around_day(is_shown=True)
    free, ours = _("%(day)s, free times"), written(links.reader.locale)
    rows = []
    for week in links.picker.calendar.weeks:
        row = ['<tr class="near">' if week.is_near else "<tr>"]
        for day in week.days:
            if day is None:
                row.append("<td></td>")
            elif not day.free:
                row.append(f'<td><span class="day off{_day(day, links)}</span></td>')
            else:
                on = day.on.isoformat()
                url = f"{before}{on}{after}"
                row.append(
                    f'<td><a id="d-{on}" href="{url}" hx-get="{url}" hx-target="#picker"'
                    f' hx-swap="outerHTML" hx-push-url="true"'
                    f' aria-label="{_label(free, day.on, ours)}"'
                    f' class="day{_day(day, links)}</a></td>'
                )
        rows += [*row, "</tr>"]
    return Markup("".join(rows))


def _day(day: Day, links: Links) -> str:
    """The rest of a day's tag, and its number; at the first of a month among others, that too."""
    today, shown = " today" if day.today else "", ' aria-current="date"' if day.shown else ""
    if day.on.day > 1 or not links.picker.calendar.view.is_strip:
        return f'{today}"{shown}>{day.on.day}'
    return f'{today}"{shown}><small>{escape(links.reader.short_month(day.on))}</small>1'


@lru_cache(maxsize=4096)
def _label(said: str, on: date, ours: str) -> str:
    return str(escape(said % {"day": day_in_words(on, ours)}))


def times(links: Links) -> Markup:
    """The times of the day that is shown, under the parts of the day; each leads to booking it."""
    return Markup("").join(_parts(links))


def _parts(links: Links) -> Iterator[Markup]:
    for part, starts in part_of_day(links.picker.times.starts, links.reader.zone):
        rows = "".join([_time(start, links) for start in starts])
        yield Markup(f'<h3><small>{escape(part)}</small></h3><div class="times">{rows}</div>')


def _time(start: datetime, links: Links) -> str:
    at = clock(start, links.reader.zone, links.reader.hours)
    if start == links.picker.times.present:
        booked = escape(_("Booked time"))
        return f'<span class="time present">{escape(at)} <small>{booked}</small></span>'
    url = links.time(start)
    if start == links.picker.times.first:
        label = escape(_("%(time)s, first free time", time=at))
        return f'<a class="time first" href="{url}" aria-label="{label}">{escape(at)}</a>'
    return f'<a class="time" href="{url}">{escape(at)}</a>'
