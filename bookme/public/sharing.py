"""What a page is when its link is shared, and to search engines; and the pictures for that."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Response, abort, request
from flask_babel import gettext as _

from bookme.accounts.links import address
from bookme.extensions import db
from bookme.face import cards
from bookme.face.cards import Card
from bookme.models import Picture, Schedule, User, Visibility
from bookme.public import lookups
from bookme.public.routes import bp
from bookme.web import limits
from bookme.web.filters import lengths
from bookme.web.words import listed, spoken_to


@dataclass(frozen=True, slots=True)
class Share:
    """:ivar site: whose site the page is of.
    :ivar page: the address that stands for all those of the page.
    :ivar image: the address of the card.
    """

    title: str
    description: str
    site: str
    page: str
    image: str


def of_host(host: User) -> Share:
    """A host's page."""
    words = host.headline or _("Book an appointment with %(host)s.", host=host.name)
    return Share(
        host.name,
        words,
        host.name,
        address("public.host", handle=host.handle),
        _image("public.host_card", _host_card(host), handle=host.handle),
    )


def of_schedule(schedule: Schedule) -> Share | None:
    """A schedule's page; None where only single-use links lead there: none of it is for all."""
    host, slug = schedule.owner, schedule.slug
    if schedule.visibility is Visibility.BY_LINK:
        return None
    length = lengths(schedule.durations)
    return Share(
        _("%(title)s with %(host)s", title=schedule.title, host=host.name),
        " ".join(schedule.description.split())[:200] or length,
        host.name,
        address("public.show", handle=host.handle, slug=slug),
        _image("public.card", _card(schedule), handle=host.handle, slug=slug),
    )


def of_bookme(title: str, description: str) -> Share:
    """The landing page."""
    image = address("static", filename="card.png")
    return Share(title, description, "BookMe", address("public.landing"), image)


bp.add_app_template_global(of_host, "share_of_host")
bp.add_app_template_global(of_schedule, "share_of_schedule")
bp.add_app_template_global(of_bookme, "share_of_bookme")


@bp.get("/images/<handle>/card.png")
@limits.gently("120/minute")
def host_card(handle: str) -> Response:
    """The picture of a host's page."""
    host = lookups.published_host(handle)
    return _answer(_host_card(host), host)


@bp.get("/images/<handle>/<slug>/card.png")
@limits.gently("120/minute")
def card(handle: str, slug: str) -> Response:
    """The picture of a schedule's page."""
    schedule = lookups.published_schedule(handle, slug)
    if schedule.visibility is Visibility.BY_LINK:
        abort(404)
    return _answer(_card(schedule), schedule.owner)


def _host_card(host: User) -> Card:
    return Card(host.name, host.name, host.headline, host.accent, _digest(host))


def _card(schedule: Schedule) -> Card:
    """In one language, whoever asks: a card is kept by those who show it to others."""
    host = schedule.owner
    with spoken_to(schedule.language or host.locale):
        line = listed([host.name, lengths(schedule.durations)], "unit")
    return Card(host.name, schedule.title, line, host.accent, _digest(host))


def _digest(host: User) -> str:
    return host.picture.digest if host.picture is not None else ""


def _image(endpoint: str, card: Card, **values: str) -> str:
    return address(endpoint, **values, v=card.digest[:8])


def _answer(card: Card, host: User) -> Response:
    response = Response(mimetype="image/png")
    response.set_etag(card.digest)
    response.cache_control.public, response.cache_control.max_age = True, 3600
    if request.if_none_match.contains(card.digest):
        response.make_conditional(request)
        return response
    large = sa.select(Picture.large).where(Picture.user_id == host.id)
    response.set_data(cards.drawn(card, db.session.scalar(large)))
    return response
