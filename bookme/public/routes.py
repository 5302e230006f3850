"""A host's public pages: what there is to book, and the times of one schedule."""

from datetime import datetime
from functools import partial

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bookme.bookings.slots import takes_bookings
from bookme.public import cells, change_words, embedded, kept, lookups, parts, visits, words
from bookme.public.carried import carried, source
from bookme.public.entrance import entrance, shut_page, unlisted
from bookme.public.links import Links
from bookme.public.picker import picker
from bookme.public.reader import visitor
from bookme.public.versions import Seen
from bookme.public.zone_list import zone_list
from bookme.schedules import listing
from bookme.web import bounds, htmx
from bookme.web.assets import vary

bp = Blueprint("public", __name__)
bp.add_app_template_global(cells.heads, "picker_heads")
bp.add_app_template_global(cells.weeks, "picker_weeks")
bp.add_app_template_global(cells.times, "picker_times")
bp.add_app_template_global(parts.part)


@bp.after_request
def vary_by_language(response: Response) -> Response:
    """Times are written as the browser's language has it."""
    vary.add(response, "Accept-Language")
    return response


@bp.get("/")
def landing() -> ResponseReturnValue:
    """What BookMe is."""
    return render_template("public/landing.html")


@bp.get("/<handle>")
def host(handle: str) -> ResponseReturnValue:
    """What a host offers, a page at a time."""
    return kept.answer(handle, partial(_host, handle))


def _host(handle: str, _seen: Seen | None, _now: datetime) -> Response:
    host, after = lookups.published_host(handle), request.args.get("after", type=bounds.row_id)
    found = listing.page(host, after=after, only_listed=True)
    kept.allow()
    return make_response(
        render_template(
            "public/host.html", host=host, found=found, after=after, source=source(request)
        )
    )


@bp.get("/<handle>/<slug>")
def show(handle: str, slug: str) -> ResponseReturnValue:
    """A schedule's month and times; htmx gets the picker alone."""
    return kept.answer(handle, partial(_show, handle, slug))


def _show(handle: str, slug: str, seen: Seen | None, now: datetime) -> Response:
    come = entrance(handle, slug, request.args, seen=seen)
    schedule = come.schedule
    if not takes_bookings(schedule):
        closed = htmx.render("public/closed.html", "public/_closed.html", schedule=schedule)
        return unlisted(closed, schedule)
    if come.is_shut(now):
        return shut_page(come, now)
    visits.noted(seen)
    kept.allow(hurries=True)
    reader = visitor(request.args, request.headers.get("Accept-Language"), schedule)
    offered = partial(kept.offered, seen, now) if seen is not None else None
    found = picker(schedule, reader, request.args, now=now, offered=offered)
    here = url_for("public.show", handle=handle, slug=slug)
    there = url_for("public.details", handle=handle, slug=slug)
    page = htmx.render(
        "public/show.html",
        "public/_picker.html",
        schedule=schedule,
        reader=reader,
        picker=found,
        links=Links(
            here,
            there,
            reader,
            found,
            found.chosen | come.carried | embedded.kept(),
            carried(request, schedule),
        ),
        zones=zone_list(reader, now) if request.args.get("choose") == "zone" else None,
        now=now,
        words=words,
        before=change_words.before(schedule),
    )
    return unlisted(page, schedule)
