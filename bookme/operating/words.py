"""What the things are called that the doctor looks at, on the operator's page."""

from collections.abc import Iterable
from itertools import groupby

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bookme.doctor.finding import Finding

NAMES: dict[str, LazyString] = {
    "address": _l("Address"),
    "operator": _l("Who runs this site"),
    "database": _l("Database"),
    "disk": _l("Disk"),
    "keys": _l("Keys"),
    "redis": _l("Redis"),
    "mail": _l("Mail"),
    "workers": _l("Workers"),
    "sweep": _l("Sweep"),
    "clock": _l("Server’s clock"),
    "late": _l("Late"),
    "work": _l("Work"),
    "connections": _l("Connections"),
    "floods": _l("Floods of bookings"),
    "reports": _l("Reports"),
    "alarm": _l("Alarm"),
}


def named(finding: Finding) -> LazyString:
    """What the thing that was looked at is called."""
    return NAMES[finding.what]


def under_names(findings: Iterable[Finding]) -> list[tuple[LazyString, list[Finding]]]:
    """Findings in their order; those of one name that follow each other, together under it."""
    return [(NAMES[what], list(ones)) for what, ones in groupby(findings, lambda one: one.what)]
