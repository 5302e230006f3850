"""Finding bookings: the host's list, filtered as its address says, and the same as a file."""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from bookme.accounts import access
from bookme.bookings.dashboard import csv, filter_form, filters, headings, listing
from bookme.bookings.dashboard.filter_form import FilterForm
from bookme.bookings.dashboard.filters import Filter
from bookme.bookings.dashboard.routes import bp
from bookme.bookings.dashboard.written import Writer
from bookme.clock import utcnow
from bookme.schedules import listing as schedules
from bookme.web import htmx
from bookme.web.words import tag

#: So many forms are remembered as they were written, of 5 kB each where schedules are few.
_REMEMBERED = 256


@bp.get("/bookings")
def index() -> ResponseReturnValue:
    """The host's bookings, a page at a time; what is wrong in a filter is said, and left out."""
    return _list(_asked())


@bp.get("/bookings.csv")
def download() -> ResponseReturnValue:
    """What is filtered, all of it, as a file for spreadsheets."""
    asked = _asked()
    if asked.wrong:
        return _list(asked)
    lines = csv.lines(access.host(), asked.filter, now=utcnow())
    head = next(lines)  # what fails so far has an error page
    disposition = {"Content-Disposition": 'attachment; filename="bookings.csv"'}
    whole = stream_with_context(csv.with_its_end(head, lines))
    return Response(whole, mimetype="text/csv", headers=disposition)


class Asked(NamedTuple):
    """What an address asks for.

    :ivar wrong: the labels of fields that are left out, with what is wrong with them.
    :ivar controls: the form, written.
    :ivar titles: the host's schedules by id.
    """

    filter: Filter
    wrong: list[tuple[str, list[str]]]
    controls: Markup
    titles: dict[int, str]


def _asked() -> Asked:
    titles = tuple(schedules.titles(access.host()))
    typed = {name: request.args[name] for name in filter_form.NAMES if request.args.get(name)}
    read = _read if "q" not in typed else _read.__wrapped__  # nobody's search is kept
    return read(tuple(typed.items()), titles, tag())


@lru_cache(_REMEMBERED)
def _read(
    typed: tuple[tuple[str, str], ...], titles: tuple[tuple[int, str], ...], _language: str
) -> Asked:
    """What fields ask for. WTForms takes as long for six of them as all else does for the page."""
    form = FilterForm(MultiDict(typed), titles)
    form.validate()
    wrong = [
        (str(field.label.text), list(map(str, field.errors))) for field in form if field.errors
    ]
    controls = Markup(render_template("bookings/_filter.html", form=form))
    return Asked(form.filter(), wrong, controls, dict(titles))


def _address(of: Filter, **more: object) -> str:
    """Of the list that is narrowed so. Made by hand, as a page has nine of them."""
    said = of.arguments() | more
    here = url_for("bookings.index")
    return f"{here}?{urlencode(said)}" if said else here


def _list(asked: Asked) -> Response:
    now, filter_, host = utcnow(), asked.filter, access.host()
    after = listing.Key.parse(request.args.get("after", ""))
    found = listing.shown(host, filter_, now=now, after=after)
    in_time = filter_.sort is not filters.Sort.BOOKED
    days = headings.by_day(found.bookings, host, now)
    return htmx.render(
        "bookings/index.html",
        "bookings/_list.html",
        422 if asked.wrong else 200,
        found=found,
        days=days if in_time else [("", found.bookings)],
        asked=filter_,
        address=_address,
        wrong=asked.wrong,
        controls=asked.controls,
        titles=asked.titles,
        after=after,
        states=filter_form.STATES,
        tabs=filters.TABS,
        sorts=filter_form.SORTS,
        rows=Writer(host, now).rows,
    )
