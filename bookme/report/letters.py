"""What the message about a report says, put together when it is sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app

from bookme.extensions import db
from bookme.mail.defuse import theirs
from bookme.models import Email, Report, User
from bookme.outbox import Builder
from bookme.report import service
from bookme.report.service import LETTER
from bookme.report.words import KINDS

__all__ = ["BUILDERS", "LETTER"]


def _report(email: Email, _user: User | None, _now: datetime) -> dict[str, Any] | None:
    report = db.session.get(Report, email.facts["report"])
    if report is None:
        return None
    words, reporter = service.said(report)
    host = report.page.strip("/").partition("/")[0]
    return {
        "to": current_app.config["SUPPORT_EMAIL"],
        "answer_to": reporter,
        "kind": KINDS[report.kind],
        "page": theirs(report.page),
        "address": theirs(f"{current_app.config['PUBLIC_URL']}{report.page}"),
        "words": theirs(words),
        "reporter": theirs(reporter),
        "command": f"bookme hosts show {host}",
    }


BUILDERS: Mapping[str, Builder] = {LETTER: _report}
