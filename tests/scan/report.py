"""The report, as Markdown: what was looked at, what was found, and why it stays."""

import platform
from collections.abc import Sequence
from datetime import datetime

from tests.scan import dynamic
from tests.scan.accepted import reason
from tests.scan.dynamic import Outcome
from tests.scan.static import PINNED, Finding
from tests.threats import Threat

_NOT_RUN = "Not run: bandit can't be had from here, so nothing was looked at."


def is_good(
    findings: Sequence[Finding] | None, threats: Sequence[Threat], found: dict[str, Outcome]
) -> bool:
    """Whether everything that was found has a reason, and every attack was tried and came to
    nothing.
    """
    ended = [dynamic.of(threat, found) for threat in threats]
    attacked = all(one.passed and not one.failed for one in ended)
    return attacked and all(reason(one) for one in findings or ())


def written(
    findings: Sequence[Finding] | None,
    threats: Sequence[Threat],
    found: dict[str, Outcome],
    *,
    commit: str,
    now: datetime,
) -> str:
    """The whole report."""
    made = f"Made {now:%Y-%m-%d %H:%M} UTC of commit {commit} by `make scan`"
    lines = [
        "# Static and dynamic tests of BookMe",
        "",
        f"{made}, with Python {platform.python_version()}.",
        "",
        f"## Static: {PINNED} over all of `bookme/`",
        "",
        *_static(findings),
        "",
        "## Dynamic: each line of docs/threats.md, tried",
        "",
        *_dynamic(threats, found),
        "",
    ]
    return "\n".join(lines)


def _static(findings: Sequence[Finding] | None) -> list[str]:
    if findings is None:
        return [_NOT_RUN]
    open_ones = sum(not reason(one) for one in findings)
    high = sum(one.severity == "high" for one in findings)
    counts = f"{len(findings)} findings, {high} of them of high severity"
    return [
        f"{counts}; {open_ones} without a reason to stay.",
        "",
        "| rule | severity | where | what it says | why it stays |",
        "|---|---|---|---|---|",
        *(
            f"| {one.rule} | {one.severity} | `{one.file}:{one.line}` | {one.says} "
            f"| {reason(one) or '**open**'} |"
            for one in findings
        ),
    ]


def _dynamic(threats: Sequence[Threat], found: dict[str, Outcome]) -> list[str]:
    ended = [(threat, dynamic.of(threat, found)) for threat in threats]
    return [
        "| who | wants | stopped by | passed | failed | skipped |",
        "|---|---|---|---|---|---|",
        *(
            f"| {threat.who} | {threat.wants} | {threat.stopped_by} "
            f"| {one.passed} | {one.failed} | {one.skipped} |"
            for threat, one in ended
        ),
    ]
