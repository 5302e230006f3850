"""What the operator did or looked at, a row each: when, who, what, on what; no personal data of
hosts.

A command is noted with the system's user who gave it, an act on the operator's page with the
operator.
"""

import logging
import os
import pwd
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bookme.extensions import db
from bookme.models import OperatorAct, User

log = logging.getLogger(__name__)

#: How long they are kept.
KEPT = timedelta(days=730)
#: A list's length.
MOST = 50
#: A name of a system's user is no longer, as we keep it.
_LONGEST = 80


def note(
    command: str,
    host: User | None = None,
    *,
    by: User | None = None,
    about: str = "",
    changed: bool = True,
    now: datetime,
) -> None:
    """Note an act, in its transaction.

    :param by: the operator who acts on a page; None for a command.
    :param changed: whether it was not so already.
    """
    act = OperatorAct(
        at=now,
        command=command,
        host_id=host.id if host is not None else None,
        who="" if by is not None else system_user(),
        by_id=by.id if by is not None else None,
        about=about,
        outcome="done" if changed else "nothing",
    )
    db.session.add(act)
    db.session.flush()
    log.info("operator: %s: %s", _what(act), act.outcome)


def said(act: OperatorAct) -> str:
    """Who did what to what, in a line, by ids."""
    who = act.who or (f"operator {act.by_id}" if act.by_id is not None else "a former operator")
    return f"{who}: {_what(act)}"


def latest(*, host: User | None = None, before: int | None = None) -> Sequence[OperatorAct]:
    """Acts, the latest first, at most :data:`MOST`.

    :param host: only what was done to this host.
    :param before: the id of the act before which the list begins.
    """
    query = sa.select(OperatorAct).order_by(OperatorAct.id.desc()).limit(MOST)
    if host is not None:
        query = query.where(OperatorAct.host_id == host.id)
    if before is not None:
        query = query.where(OperatorAct.id < before)
    found = query.options(selectinload(OperatorAct.by), selectinload(OperatorAct.host))
    return db.session.scalars(found).all()


def system_user() -> str:
    """The system's user who runs this process, and through whom ``sudo`` made them that."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user may have no name
        name = f"uid {os.getuid()}"
    through = os.environ.get("SUDO_USER", "")
    return (f"{name} (sudo by {through})" if through else name)[:_LONGEST]


def _what(act: OperatorAct) -> str:
    on = f"host {act.host_id}" if act.host_id is not None else ""
    return " ".join(filter(None, [act.command, on, act.about]))
