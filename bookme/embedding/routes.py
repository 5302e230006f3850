"""The page on which a host gets the code for their site, and says which sites may show theirs."""

from typing import Any

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from bookme.accounts import access
from bookme.accounts.access import login_required
from bookme.accounts.links import address
from bookme.embedding import service
from bookme.embedding.forms import SitesForm, SnippetForm
from bookme.embedding.snippet import Snippet, Theme, Way
from bookme.extensions import db
from bookme.web import framing, htmx

bp = Blueprint("embedding", __name__, url_prefix="/dashboard/embed")

#: What the address says of the code that is shown.
_SHOWN = {"schedule", "way", "theme", "language", "text"}


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """The code and what it shows, and the list of sites."""
    return _page(SitesForm(sites="\n".join(access.host().embed_sites)))


@bp.post("")
@login_required
def save() -> ResponseReturnValue:
    """Set the list of sites, or say which of them is none."""
    form = SitesForm()
    if not form.validate_on_submit():
        return _page(form, status=422)
    service.set_sites(access.host(), form.origins)
    db.session.commit()
    flash(_("Your list of sites is saved."), "good")
    shown: dict[str, Any] = {name: value for name, value in request.args.items() if name in _SHOWN}
    return htmx.redirect(url_for("embedding.index", **shown))


def _page(sites: SitesForm, status: int = 200) -> ResponseReturnValue:
    schedules = service.offered(access.host())
    form = SnippetForm(request.args, schedules)
    asked = form.validate()
    if not asked:  # the code is the usual one, beside what is wrong
        status = 422
    framing.show_own()
    page = render_template(
        "embedding/index.html",
        form=form,
        sites=sites,
        public_url=current_app.config["PUBLIC_URL"],
        snippet=_snippet(form if asked else SnippetForm(MultiDict(), schedules)),
    )
    return page, status


def _snippet(form: SnippetForm) -> Snippet:
    host, slug = access.host(), form.schedule.data
    page = (
        address("public.show", handle=host.handle, slug=slug)
        if slug
        else address("public.host", handle=host.handle)
    )
    return Snippet(
        page,
        address("static", filename="embed.js"),
        form.text.data or "",
        Way(form.way.data),
        Theme(form.theme.data),
        _("Close"),
        form.language.data or "",
    )
