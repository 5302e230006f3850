"""The page on which a host gives theirs a face, and where pictures and colours are found."""

from functools import lru_cache

from flask import Blueprint, Response, abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access
from bookme.accounts.access import login_required
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.face import colours, links, service, shown
from bookme.face.forms import OURS, OWN, FaceForm
from bookme.face.pictures import MOST_BYTES
from bookme.models import User
from bookme.web import htmx, limits, uploads

bp = Blueprint("face", __name__)
bp.add_app_template_global(links.picture_url)
bp.add_app_template_global(links.accent_url)
bp.add_app_template_global(shown.initials)
bp.app_context_processor(shown.tell)

#: What is at such an address never changes.
_FOR_EVER = "public,max-age=31536000,immutable"


@bp.get("/account/page")
@login_required
def edit() -> ResponseReturnValue:
    """What bookers see, and how it looks."""
    return _page(_form_of(access.host()))


@bp.post("/account/page")
@uploads.takes(MOST_BYTES)
@login_required
@limits.per_address("60/hour")
def save() -> ResponseReturnValue:
    """Change it, or say what is wrong."""
    host, form = access.host(), FaceForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    service.change(
        host,
        headline=form.headline.data or "",
        welcome=form.welcome.data or "",
        accent=form.accent,
        is_searchable=form.is_searchable.data,
    )
    if form.squares is not None:
        service.set_picture(host, form.squares, now=utcnow())
    elif form.without.data:
        service.remove_picture(host)
    db.session.commit()
    flash(_("Your page is saved."), "good")
    return htmx.redirect(url_for("face.edit"))


@bp.get("/images/<handle>/<digest>-<int:size>.jpg")
def picture(handle: str, digest: str, size: int) -> Response:
    """A host's picture, while the host is published."""
    found = service.shown_picture(handle, digest, size)
    return _kept(found or abort(404), "image/jpeg")


@bp.get("/assets/<digits>.css")
def accent(digits: str) -> Response:
    """The shades of a colour."""
    colour = f"#{digits}"
    if not colours.is_colour(colour):
        abort(404)
    return _kept(_sheet(colour), "text/css")


@lru_cache(maxsize=256)
def _sheet(colour: str) -> bytes:
    return colours.sheet(colour).encode()


def _kept(body: bytes, kind: str) -> Response:
    return Response(body, mimetype=kind, headers={"Cache-Control": _FOR_EVER})


def _form_of(host: User) -> FaceForm:
    known = host.accent is None or host.accent in colours.PALETTE
    return FaceForm(
        headline=host.headline,
        welcome=host.welcome,
        is_searchable=host.is_searchable,
        colour=(host.accent or OURS) if known else OWN,
        own=host.accent,
    )


def _page(form: FaceForm, status: int = 200) -> ResponseReturnValue:
    return render_template("face/edit.html", form=form, host=access.host()), status
