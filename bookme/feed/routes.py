"""The calendar feed: its page in the dashboard, and the file behind its secret address."""

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access
from bookme.accounts.access import login_required
from bookme.accounts.links import address
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.feed import service, tokens
from bookme.web import htmx
from bookme.web.limits import gently
from bookme.web.words import spoken_to

bp = Blueprint("feed", __name__)


@bp.get("/dashboard/feed")
@login_required
def index() -> ResponseReturnValue:
    """Whether there is a feed, and its address."""
    token = tokens.token(access.host())
    link = address("feed.calendar", token=token) if token is not None else ""
    return render_template("feed/index.html", link=link)


@bp.post("/dashboard/feed")
@login_required
def renew() -> ResponseReturnValue:
    """Make a feed, or give it another address."""
    had_one = access.host().feed_epoch is not None
    tokens.new_epoch(access.host())
    db.session.commit()
    flash(_("Your feed has a new address.") if had_one else _("Your calendar feed is on."), "good")
    return htmx.redirect(url_for("feed.index"))


@bp.post("/dashboard/feed/off")
@login_required
def switch_off() -> ResponseReturnValue:
    """End the feed."""
    access.host().feed_epoch = None
    db.session.commit()
    flash(_("Your calendar feed is off."), "good")
    return htmx.redirect(url_for("feed.index"))


@bp.get("/feed/<token>.ics")
@gently("120/minute")
def calendar(token: str) -> ResponseReturnValue:
    """The host's bookings, for programs that know the address."""
    host = tokens.owner(token) or abort(404)
    with spoken_to(host.locale, is_host=True):
        file = service.calendar(host, now=utcnow())
    answer = Response(file, mimetype="text/calendar")
    answer.cache_control.private = answer.cache_control.no_cache = True
    answer.set_etag(service.etag(file), weak=True)
    return answer.make_conditional(request)
