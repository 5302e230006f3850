"""What is in a support bundle. Whatever comes out of a row is a number, an instant, or one of a
closed set of words: anything else counts as ``other``.
"""

import platform
import re
from collections.abc import Collection
from datetime import datetime
from importlib import metadata
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import DBAPIError

from bookme.connections.grants import alarms
from bookme.database import reading
from bookme.doctor import examination
from bookme.doctor.finding import Finding
from bookme.extensions import db
from bookme.health import waiting
from bookme.models import (
    Alarm,
    Calendar,
    CalendarEntry,
    Connection,
    Email,
    EmailState,
    Meeting,
)
from bookme.providers.registry import MAKERS, PROVIDERS
from bookme.support import jobs
from bookme.version import VERSION

#: Findings whose words name this server or somebody; whether they are good is said all the same.
_UNSAID = {"address", "operator", "metrics", "late", "alarm"}
#: Why a mail server did not take a message: its code, or the kind of error.
_CODE = re.compile(r"smtp (\d{3}|no answer(: [A-Za-z]+| in time))")
_KNOWN = {*PROVIDERS, *MAKERS}
_ALARMS = {*alarms.WORDS, *(alarms.client_refused(provider) for provider in PROVIDERS)}
OTHER = "other"


def collect(now: datetime) -> dict[str, Any]:
    """All of it, as JSON takes it. Asks the providers and the mail server, as the doctor does."""
    with reading():
        findings = examination.examine(now)
        db.session.rollback()
        return {
            "made_at": now.isoformat(),
            **_versions(),
            "settings": sorted(current_app.config["SETTINGS_GIVEN"]),
            "findings": [_finding(one) for one in findings],
            "jobs": jobs.look(),
            **_of_database(now),
        }


def _versions() -> dict[str, Any]:
    packages = {one.name: one.version for one in metadata.distributions() if one.name}
    return {
        "bookme": VERSION,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": dict(sorted(packages.items())),
    }


def _finding(one: Finding) -> dict[str, Any]:
    said = "" if one.what in _UNSAID else str(one)
    server = current_app.config["MAIL_SERVER"]
    words = said.replace(server, "[MAIL_SERVER]") if server else said
    return {"what": one.what, "good": one.good, "words": words}


def _of_database(now: datetime) -> dict[str, Any]:
    try:
        return {
            "database": _server(),
            "rows": _rows(),
            "waiting": [_waiting(one, now) for one in waiting.everything(now)],
            "errors": _errors(),
        }
    except DBAPIError as error:
        return {"database": {"error": type(error.orig).__name__}}


def _server() -> dict[str, str]:
    dialect = db.engine.dialect
    ask = "SELECT sqlite_version()" if dialect.name == "sqlite" else "SHOW server_version"
    return {"kind": dialect.name, "version": str(db.session.scalar(sa.text(ask)))}


def _rows() -> dict[str, int]:
    tables = db.metadata.sorted_tables
    counted = {one.name: sa.select(sa.func.count()).select_from(one) for one in tables}
    return {name: db.session.scalar(query) or 0 for name, query in sorted(counted.items())}


def _waiting(one: waiting.Waiting, now: datetime) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "seconds": int((now - one.since).total_seconds()),
        "refused_by": one.refused_by and _among(one.refused_by, {*_KNOWN, "mail"}),
    }


def _errors() -> dict[str, Any]:
    connection = Connection.provider, Connection.status, Connection.problem
    waits = Email.state == EmailState.WAITING, Email.problem.is_not(None)
    problems = sa.select(Email.problem, sa.func.count()).where(*waits).group_by(Email.problem)
    return {
        "meetings": _counted(Meeting.provider, Meeting.trouble),
        "calendar events": _counted(CalendarEntry.provider, CalendarEntry.trouble),
        "calendars": _counted(Calendar.trouble),
        "connections": _counted(*connection, only_wrong=False),
        "messages": _summed(
            (text if text is not None and _CODE.fullmatch(text) else OTHER, number)
            for text, number in db.session.execute(problems)
        ),
        "alarms": _summed(
            (_among(kind, _ALARMS), times)
            for kind, times in db.session.execute(sa.select(Alarm.kind, Alarm.times))
        ),
    }


def _counted(*columns: Any, only_wrong: bool = True) -> dict[str, int]:
    """Rows by what these columns say, such as ``{"zoom unavailable": 3}``. The last one, what is
    wrong, is a closed set.
    """
    query = sa.select(*columns, sa.func.count()).group_by(*columns)
    if only_wrong:
        query = query.where(columns[-1].is_not(None))
    return _summed((_name(words), number) for *words, number in db.session.execute(query))


def _name(words: list[Any]) -> str:
    """Texts are names of providers; all else is of closed sets."""
    known = (_among(one, _KNOWN) if type(one) is str else str(one) for one in words if one)
    return " ".join(known)


def _among(word: str, known: Collection[str]) -> str:
    return word if word in known else OTHER


def _summed(pairs: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, number in pairs:
        found[name] = found.get(name, 0) + number
    return dict(sorted(found.items()))
