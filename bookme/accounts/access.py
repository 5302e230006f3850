"""Who is signed in, in this browser: Flask-Login over our own session rows.

The signed cookie carries a random id, perhaps the mark of a sign-up, and nothing of the host. The
row is the truth, so a copy of a cookie is worth nothing once the row is gone.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, flash, g, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from bookme.accounts import browsers, links, passwords, sessions
from bookme.accounts.factors import networks
from bookme.accounts.paths import own_path
from bookme.clock import utcnow
from bookme.extensions import db, login
from bookme.models import Session, User
from bookme.web import htmx

__all__ = [
    "check_password",
    "confirmed_required",
    "current_session",
    "hash_password",
    "host",
    "is_known_here",
    "is_signed_in",
    "locked",
    "login_required",
    "note_sign_up",
    "own_path",
    "sign_in",
    "sign_out",
]

#: Where the id stands in the cookie, and the mark of a sign-up.
_ID, _SIGN_UP = "sid", "sign-up"
#: What stays in the cookie when somebody signs in: they do so in order to confirm it.
LINK = "link"

login.session_protection = None  # it would put a hash of address and browser into the cookie


@login.request_loader
def _load(_request: object) -> User | None:
    token = session.get(_ID)
    signed = sessions.of_token(token, now=utcnow()) if isinstance(token, str) else None
    if signed is None:
        return None
    g.session_row, g.session_seen = signed.session, (signed.session_id, signed.last_seen_at)
    return signed.user


@login.unauthorized_handler
def _to_sign_in() -> Response:
    """Lead to signing in, and back to the page that was asked for; in place, only say so, so that
    nothing typed is lost.
    """
    if htmx.wants_fragment():
        return htmx.notice(401, "errors/_here.html", code=401)
    flash(_("Sign in to see this page."))
    asked_for = request.full_path.rstrip("?") if request.method == "GET" else None
    return htmx.redirect(url_for("accounts.sign_in", next=own_path(asked_for)))


def host() -> User:
    """The signed-in host, as the row itself. For views that need a sign-in."""
    user: User = current_user._get_current_object()
    return user


def current_session() -> Session | None:
    """The session row of this browser; None if nobody is signed in here."""
    return g.session_row() if current_user.is_authenticated else None


def sign_in(user: User, *, proven: bool = False) -> None:
    """Sign a host in under a new id, whatever the cookie held before. The caller commits.

    Only for :mod:`bookme.accounts.entering`, which knows who may be.
    """
    start_over()
    label, network = browsers.kept(request.user_agent.string), request.remote_addr or ""
    row, token = sessions.begin(user, label, networks.kept(network), proven=proven, now=utcnow())
    g.session_row = lambda: row
    session[_ID] = token
    session.permanent = True


def sign_out() -> None:
    """End this browser's session, row and cookie. The caller commits."""
    token = session.get(_ID)
    if isinstance(token, str):
        sessions.end_token(token)
    session.clear()
    for name in ("session_row", "session_seen", "_login_user"):
        g.pop(name, None)


def start_over() -> None:
    """Leave nothing of before in this browser but a link that waits to be confirmed. The caller
    commits.
    """
    waiting = session.get(LINK)
    sign_out()
    if waiting is not None:
        session[LINK] = waiting
        session.permanent = True


def note_sign_up(user: User | None) -> None:
    """Remember in this browser that it signed up for an account. For an address that has one the
    cookie looks the same, and means nothing.
    """
    session[_SIGN_UP] = links.sign_up_mark(user) if user is not None else secrets.token_hex(32)
    session.permanent = True


def is_known_here(user: User) -> bool:
    """Whether this browser signed up for the account as it is now, or is signed in to it: whoever
    sits here needs not show that the account is theirs.
    """
    mark = session.get(_SIGN_UP)
    if isinstance(mark, str) and secrets.compare_digest(mark, links.sign_up_mark(user)):
        return True
    return is_signed_in(user)


def is_signed_in(user: User) -> bool:
    """Whether this host is who is signed in, in this browser."""
    return bool(current_user.is_authenticated and current_user.id == user.id)


def hash_password(password: str) -> str:
    """The hash to keep of a new password. Ends the open transaction, as :func:`check_password`."""
    db.session.rollback()
    return passwords.hash_password(password)


def check_password(user: User | None, password: str) -> User | None:
    """The host, locked and read afresh, if the password is theirs.

    Takes as long for nobody as for somebody. Ends the open transaction first: hashing takes long
    on purpose, and SQLite's other writers must not wait for it.
    """
    user_id, known = (user.id, user.password_hash) if user is not None else (0, None)
    db.session.rollback()
    if not passwords.matches(known, password):
        return None
    fresh = locked(user_id)
    if fresh is None or fresh.password_hash != known:
        return None  # changed while we were hashing
    return fresh


def locked(user_id: int) -> User | None:
    """The host of this id, locked and read afresh, unless the account is gone or ending."""
    fresh = db.session.get(
        User, user_id, populate_existing=True, with_for_update={"key_share": True}
    )
    return fresh if fresh is not None and fresh.closing_at is None else None


def confirmed_required(
    view: Callable[..., ResponseReturnValue],
) -> Callable[..., ResponseReturnValue]:
    """Let a view be used by signed-in hosts only whose e-mail address is confirmed."""

    @wraps(view)
    @login_required
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if current_user.is_confirmed:
            return view(*args, **kwargs)
        if htmx.wants_fragment():
            return htmx.notice(403, "accounts/_confirm_first.html")
        asked_for = request.full_path.rstrip("?") if request.method == "GET" else None
        page = render_template("accounts/confirm_first.html", next_path=own_path(asked_for))
        return make_response(page, 403)

    return guarded
