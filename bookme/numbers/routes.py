"""The host's numbers: one quiet page."""

from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from bookme.accounts import access
from bookme.accounts.access import login_required
from bookme.clock import utcnow
from bookme.numbers import service, words
from bookme.numbers.forms import NumbersForm
from bookme.schedules import listing as schedules
from bookme.web import htmx

bp = Blueprint("numbers", __name__)


@bp.get("/dashboard/numbers")
@login_required
def index() -> ResponseReturnValue:
    """What the bookings of a period come to, as charts and tables."""
    host, now = access.host(), utcnow()
    titles = schedules.titles(host)
    form = NumbersForm(request.args, titles)
    form.validate()
    period = form.period(now.astimezone(ZoneInfo(host.zone)).date(), host.zone)
    numbers = service.of_host(host, period, schedule_id=form.schedule_id(), now=now)
    if not form.has_dates:
        period = service.begun(numbers, host, period)
    return htmx.render(
        "numbers/index.html",
        "numbers/_numbers.html",
        422 if form.errors else 200,
        form=form,
        period=period,
        numbers=numbers,
        titles=dict(titles),
        words=words,
    )
