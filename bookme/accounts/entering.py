"""The ways in: whoever is signed in came through here.

Whatever shows who somebody is first (a password, another site's word) ends in
:func:`passed_first`, which asks for a second factor where there is one. Until that is shown, the
browser holds the id of a pending proof and no session, so that nothing else is open to it.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, after_this_request, current_app, request, session

from bookme.accounts import access, browsers
from bookme.accounts.factors import known, pending, service
from bookme.accounts.owed import Letter, owe
from bookme.models import Email, Step, User

#: Where the browser's cookie has the second step that it is at.
_STEP = "second-step"
#: The cookie that lasts, and names the browser to the accounts that were signed in to in it.
BROWSER = "bookme_browser"


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a first step.

    :ivar is_in: whether the host is signed in now; otherwise the second step is asked for.
    :ivar email: to hurry after the commit, if one is owed.
    """

    is_in: bool
    email: Email | None = None


def passed_first(user: User, *, proven: bool = True, now: datetime) -> Entered:
    """Go on with somebody who has shown who they are in one way. The caller commits.

    :param user: locked.
    :param proven: whether that happened right now.
    """
    if not service.has_any(user):
        return Entered(True, enter(user, proven=proven, now=now))
    access.start_over()
    session[_STEP] = pending.begin(Step.SECOND_STEP, user=user, now=now)
    return Entered(False)


def at_second_step(*, now: datetime) -> User | None:
    """Who has passed the first step in this browser, and not the second."""
    found = pending.find(Step.SECOND_STEP, session.get(_STEP), now=now)
    return found.user if found is not None else None


def passed_second(user: User, *, now: datetime) -> Entered | None:
    """Sign in who has passed both steps; None if the first one counts no longer. The caller
    commits.
    """
    first = pending.take(Step.SECOND_STEP, session.get(_STEP), now=now)
    if first is None or first.user_id != user.id:
        return None
    return Entered(True, enter(user, proven=True, now=now))


def enter(user: User, *, proven: bool, now: datetime) -> Email | None:
    """Sign a host in in this browser, who has shown all that is asked of them. The caller commits.

    :return: the message to hurry then, if this browser is a new one.
    """
    email = _noted(user, now)
    access.sign_in(user, proven=proven)
    return email


def is_known(user: User) -> bool:
    """Whether the host has signed in in this browser before."""
    return known.find(user, _cookie()) is not None


def source(user: User) -> str:
    """What wrong codes and passwords from here are counted under: the known browser; empty for all
    strangers.
    """
    found = known.find(user, _cookie())
    return str(found.id) if found is not None else ""


def forget_others(user: User) -> None:
    """Know this browser alone: the password has changed, perhaps because somebody else had it."""
    known.forget_others(user, _cookie())


def _noted(user: User, now: datetime) -> Email | None:
    label = browsers.kept(request.user_agent.string)
    expected = known.find(user, _cookie()) is not None or known.is_first(user)
    value = known.note(user, _cookie(), label, now=now)

    @after_this_request
    def remember(response: Response) -> Response:
        settings = current_app.config
        response.set_cookie(
            BROWSER,
            value,
            max_age=known.KEPT_FOR,
            secure=settings["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite=settings["SESSION_COOKIE_SAMESITE"],
        )
        return response

    return None if expected else owe(user, Letter.NEW_BROWSER, now=now, label=label)


def _cookie() -> str:
    return request.cookies.get(BROWSER, "")[:500]
