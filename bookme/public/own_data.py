"""What is kept of a booker in one booking: to read, and as a file."""

import json
from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from bookme import retention
from bookme.bookings import own
from bookme.bookings import own_data as kept
from bookme.clock import utcnow
from bookme.models import Booking
from bookme.public import lookups, own_words, times, words
from bookme.public.pages import reader_of_booking
from bookme.public.routes import bp


@bp.get("/booking/<token>/data")
def own_data(token: str) -> ResponseReturnValue:
    """All that is kept, who sees it and for how long, and what can be done about it."""
    return page(lookups.booking_of(token))


@bp.get("/booking/<token>/data.json")
def own_data_file(token: str) -> Response:
    """The same for taking along."""
    booking = lookups.booking_of(token)
    keeping = retention.days(current_app.config)
    return as_file(kept.of(booking, keeping=keeping, now=utcnow()))


def as_file(found: dict[str, Any]) -> Response:
    """Data as a file to download."""
    text = json.dumps(found, indent=2, ensure_ascii=False)
    disposition = {"Content-Disposition": 'attachment; filename="booking.json"'}
    return Response(text + "\n", mimetype="application/json", headers=disposition)


def page(booking: Booking, status: int = 200) -> ResponseReturnValue:
    """The page of a booker's data, or that there is none any more."""
    now, reader = utcnow(), reader_of_booking(booking)
    shown = render_template(
        "public/own_data.html",
        booking=booking,
        booker=booking.booker,
        reader=reader,
        messages=own_words.messages(booking, reader),
        has_network=kept.keeps_network(booking),
        has_changed=request.args.get("done") == str(booking.revision),
        may_correct=own.can_correct(booking),
        keeping=retention.days(current_app.config),
        now=now,
        times=times,
        words=words,
    )
    return shown, status
