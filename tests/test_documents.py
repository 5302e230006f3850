"""Documents name files, tests and sections that are there."""

import re
from pathlib import Path

import pytest

from tests.processes import ROOT
from tests.threats import threats

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#]*)(#[^)]*)?\)")


def headings(path: Path) -> set[str]:
    """The anchors of a document's headings."""
    found = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {"#" + re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in found}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for target, section in _LINK.findall(path.read_text()):
        there = (path.parent / target).resolve() if target else path
        assert there.exists(), target
        if section and there.suffix == ".md":
            assert section in headings(there), target + section


def test_each_threat_is_tried_by_tests_that_exist() -> None:
    found = threats()
    assert len(found) > 20
    for threat in found:
        assert threat.tests, threat
        assert [one for one in threat.tests if not (ROOT / one).exists()] == []
