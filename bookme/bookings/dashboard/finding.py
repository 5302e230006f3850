"""Finding bookings: the host's list, filtered as its address says, and the same as a file."""

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from bookme.accounts import access
from bookme.bookings.dashboard import csv, filter_form, filters, headings, listing, words
from bookme.bookings.dashboard.filter_form import FilterForm
from bookme.bookings.dashboard.routes import bp
from bookme.clock import utcnow
from bookme.schedules import listing as schedules
from bookme.web import htmx


@bp.get("/bookings")
def index() -> ResponseReturnValue:
    """The host's bookings, a page at a time; what is wrong in a filter is said, and left out."""
    return _list(_form())


@bp.get("/bookings.csv")
def download() -> ResponseReturnValue:
    """What is filtered, all of it, as a file for spreadsheets."""
    form = _form()
    if form.errors:
        return _list(form)
    lines = csv.lines(access.host(), form.filter(), now=utcnow())
    head = next(lines)  # what fails so far has an error page
    disposition = {"Content-Disposition": 'attachment; filename="bookings.csv"'}
    whole = stream_with_context(csv.with_its_end(head, lines))
    return Response(whole, mimetype="text/csv", headers=disposition)


def _form() -> FilterForm:
    form = FilterForm(request.args, schedules.titles(access.host()))
    form.validate()
    return form


def _list(form: FilterForm) -> Response:
    now, asked, host = utcnow(), form.filter(), access.host()
    after = listing.Key.parse(request.args.get("after", ""))
    found = listing.shown(host, asked, now=now, after=after)
    in_time = asked.sort is not filters.Sort.BOOKED
    days = headings.by_day(found.bookings, host, now)
    return htmx.render(
        "bookings/index.html",
        "bookings/_list.html",
        422 if form.errors else 200,
        found=found,
        days=days if in_time else [("", found.bookings)],
        form=form,
        asked=asked,
        after=after,
        states=filter_form.STATES,
        tabs=filters.TABS,
        titles=form.titles,
        sorts=filter_form.SORTS,
        words=words,
    )
