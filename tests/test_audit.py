"""What ``make audit`` makes of what it is told."""

import pytest

from tests import audit

FOUND = """{"dependencies": [
    {"name": "fine", "version": "1.0", "vulns": []},
    {"name": "skipped", "skip_reason": "not there"},
    {"name": "holey", "version": "2.0", "vulns": [
        {"id": "PYSEC-1", "fix_versions": ["2.1"], "description": "bad"},
        {"id": "PYSEC-2", "fix_versions": []}]}
]}"""
SKIPPED = '{"dependencies": [{"name": "unknown", "skip_reason": "not there"}]}'


def test_each_hole_is_named_with_the_version_that_mends_it() -> None:
    found = audit.holes(FOUND)
    assert found is not None
    assert [str(one) for one in found] == [
        "holey 2.0: PYSEC-1, mended in 2.1",
        "holey 2.0: PYSEC-2, mended in nothing yet",
    ]


@pytest.mark.parametrize("said", ["", "Traceback", "[]", "{}", SKIPPED])
def test_no_answer_is_not_no_hole(said: str) -> None:
    assert audit.holes(said) is None
