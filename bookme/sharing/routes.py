"""A host ticks free times of a schedule and gets them as text for a mail."""

from datetime import datetime

from flask import Blueprint, abort, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from bookme.bookings.slots import takes_bookings
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Schedule, Visibility
from bookme.schedules import service as schedules
from bookme.schedules.links import service as links
from bookme.sharing import times
from bookme.sharing.forms import TimesForm
from bookme.sharing.letter import letter
from bookme.web import htmx

bp = Blueprint("sharing", __name__, url_prefix="/dashboard/schedules/<int:schedule_id>/times")

#: The cookie holds a new link until its text has shown it, for nothing else knows its secret.
_NEW = "new_link_for_times"


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""


@bp.get("")
def choose(schedule_id: int) -> ResponseReturnValue:
    """The free times to tick, and for whom they are."""
    schedule = _schedule(schedule_id)
    return _page(schedule, TimesForm(request.args, schedule))


@bp.post("")
def make(schedule_id: int) -> ResponseReturnValue:
    """Check what was ticked, create the link that all of it takes, if one is needed, and lead to
    the text.
    """
    schedule, now = _schedule(schedule_id), utcnow()
    form, minutes = TimesForm(request.form, schedule), _minutes(schedule)
    if not form.validate():
        return _page(schedule, form, status=422)
    free = times.still_free(schedule, form.starts, minutes, now=now)
    if free != form.starts:
        form.at.data = free
        form.at.errors = [_("We unticked times that are no longer free. Check the others.")]
        return _page(schedule, form, status=422)
    if schedule.visibility is Visibility.BY_LINK:
        secret = links.create(schedule, days=None, now=now)
        db.session.commit()
        session[_NEW] = schedule.id, secret
    address = url_for("sharing.text", schedule_id=schedule.id, **form.arguments(minutes))
    return htmx.redirect(address)


@bp.get("/mail")
def text(schedule_id: int) -> ResponseReturnValue:
    """The times as text and as HTML, to copy."""
    schedule = _schedule(schedule_id)
    form, minutes = TimesForm(request.args, schedule), _minutes(schedule)
    of, secret = session.pop(_NEW, (None, ""))
    back = url_for("sharing.choose", schedule_id=schedule.id, **form.arguments(minutes))
    by_link = schedule.visibility is Visibility.BY_LINK
    if not form.validate() or (by_link and of != schedule.id):
        return htmx.redirect(back)
    made = letter(
        schedule,
        form.starts,
        minutes=minutes,
        zone=form.zone.data,
        language=form.language.data,
        secret=secret if by_link else "",
    )
    return render_template(
        "sharing/mail.html", schedule=schedule, letter=made, back=back, by_link=by_link
    )


def _schedule(schedule_id: int) -> Schedule:
    return schedules.find(current_user, schedule_id) or abort(404)


def _minutes(schedule: Schedule) -> int:
    """The length that was chosen, else the one chosen at first."""
    minutes = request.values.get("minutes", type=int)
    return minutes if minutes in schedule.durations else schedule.duration_minutes


def _page(schedule: Schedule, form: TimesForm, status: int = 200) -> ResponseReturnValue:
    now, minutes = utcnow(), _minutes(schedule)
    since = form.since.data if not form.since.errors else None
    offer = times.offer(schedule, since, minutes, now=now)
    shown: set[datetime] = {start for starts in offer.days.values() for start in starts}
    page = render_template(
        "sharing/times.html",
        schedule=schedule,
        form=form,
        minutes=minutes,
        days=offer.days,
        later=offer.later,
        elsewhere=[start for start in form.starts if start not in shown],
        is_open=takes_bookings(schedule),
        by_link=schedule.visibility is Visibility.BY_LINK,
    )
    return page, status
