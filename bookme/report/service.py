"""Reports of pages that mislead: a row each, and a message to the operator."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from bookme import outbox
from bookme.crypto import Unreadable
from bookme.extensions import db
from bookme.logs import masked_path
from bookme.models import Email, Report, ReportKind, User
from bookme.sealed import REPORT

#: The kind of the message, and the folder of its templates.
LETTER = "report"
#: How long a report is kept.
KEPT = timedelta(days=180)


def add(
    page: str, kind: ReportKind, *, words: str, email: str, now: datetime
) -> tuple[Report, Email]:
    """Keep a report and owe the operator a message.

    :param page: a path on this site.
    """
    seal_id = uuid4().hex
    said = json.dumps({"words": words, "email": email})
    host_id = _host_of(page)
    report = Report(
        seal_id=seal_id,
        host_id=host_id,
        kind=kind,
        page=masked_path(page),  # its reader needs no link that is the booker's alone
        said_sealed=REPORT.seal(seal_id, "said_sealed", said),
        made_at=now,
    )
    db.session.add(report)
    db.session.flush()
    facts = {"report": report.id}
    letter = outbox.owe(LETTER, None, key=f"report.{seal_id}", now=now, facts=facts)
    db.session.flush()
    return report, letter


def said(report: Report) -> tuple[str, str]:
    """What somebody wrote, and their e-mail address; both may be empty."""
    try:
        found = json.loads(REPORT.open(report.seal_id, "said_sealed", report.said_sealed))
    except Unreadable:
        return "", ""
    return found["words"], found["email"]


def open_ones(most: int) -> Sequence[Report]:
    """Reports that nobody is done with, the latest first."""
    query = sa.select(Report).where(Report.closed_at.is_(None)).order_by(Report.id.desc())
    return db.session.scalars(query.limit(most)).all()


def close(report: Report, *, now: datetime) -> bool:
    """Somebody is done with it; return whether nobody was before."""
    changed = report.closed_at is None
    if changed:
        report.closed_at = now
    return changed


def _host_of(page: str) -> int | None:
    """Whose page it is, by the first part of its path."""
    handle = page.strip("/").partition("/")[0].lower()
    return db.session.scalar(sa.select(User.id).where(User.handle == handle))
