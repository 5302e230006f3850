"""What ``make scan`` makes of what it is told; the scan itself takes minutes."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.processes import ROOT
from tests.scan import dynamic, report, static
from tests.scan.accepted import ACCEPTED, reason
from tests.scan.dynamic import Outcome
from tests.scan.static import Finding
from tests.threats import Threat, threats

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
THREAT = Threat("a stranger", "in", "a lock", ("tests/guard/test_attacks.py", "tests/guard"))
OPEN = Finding("B602", "high", "bookme/new.py", 7, "A shell.")
KNOWN = Finding("B303", "medium", "bookme/accounts/factors/totp.py", 32, "SHA1.")
JUNIT = """<testsuites><testsuite>
<testcase classname="tests.guard.test_attacks" name="a"/>
<testcase classname="tests.guard.test_attacks" name="b"><failure/></testcase>
<testcase classname="tests.guard.test_trap.TestIt" name="c"><skipped/></testcase>
</testsuite></testsuites>"""


def told(**other: Any) -> str:
    result = {
        "test_id": "B602",
        "issue_severity": "HIGH",
        "filename": "./bookme/new.py",
        "line_number": 7,
        "issue_text": "A shell.",
    }
    return json.dumps({"errors": [], "results": [result]} | other)


def test_what_bandit_says_is_read() -> None:
    assert static.read(told()) == [OPEN]
    assert static.read(told(results=[])) == []


@pytest.mark.parametrize("said", ["", "[]", "{}", told(errors=[{"filename": "bookme/x.py"}])])
def test_no_answer_is_not_no_finding(said: str) -> None:
    assert static.read(said) is None


def test_only_what_was_looked_at_is_accepted() -> None:
    assert reason(KNOWN)
    assert reason(OPEN) == ""
    assert reason(Finding("B603", "low", "bookme/public/views.py", 1, "A process.")) == ""


def test_what_is_accepted_is_about_files_that_are_there() -> None:
    assert [one for one in ACCEPTED if not list(ROOT.glob(one.where))] == []


def test_outcomes_are_counted_by_threat() -> None:
    found = dynamic.outcomes(JUNIT)
    assert found == {
        "tests.guard.test_attacks": Outcome(passed=1, failed=1),
        "tests.guard.test_trap": Outcome(skipped=1),
    }
    assert dynamic.of(Threat("", "", "", ("tests/guard",)), found) == Outcome(1, 1, 1)
    assert dynamic.of(Threat("", "", "", ("tests/guar",)), found) == Outcome()


def test_an_open_finding_a_failed_attack_and_one_that_nobody_tried_are_not_good() -> None:
    good = {"tests.guard.test_attacks": Outcome(passed=1)}
    assert report.is_good([KNOWN], [THREAT], good)
    assert report.is_good(None, [THREAT], good)
    assert not report.is_good([OPEN], [THREAT], good)
    assert not report.is_good([], [THREAT], {})
    assert not report.is_good([], [THREAT], dynamic.outcomes(JUNIT))


def test_the_report_says_what_was_found_and_what_was_not_looked_at() -> None:
    text = report.written([OPEN, KNOWN], [THREAT], {}, commit="abc1234", now=NOW)
    assert "2 findings, 1 of them of high severity; 1 without a reason" in text
    assert "`bookme/new.py:7` | A shell. | **open** |" in text
    assert "| a stranger | in | a lock | 0 | 0 | 0 |" in text
    assert "Not run" in report.written(None, [], {}, commit="abc1234", now=NOW)


def test_every_threat_is_read() -> None:
    assert all(one.who and one.wants and one.stopped_by for one in threats())
