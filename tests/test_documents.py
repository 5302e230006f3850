"""Documents name files, tests and sections that are there."""

import re
from pathlib import Path

import pytest
from flask import Flask

from bookme.__main__ import main
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


def code(path: Path) -> str:
    """What a document shows as code: between backticks, or set in by four blanks or more."""
    text = path.read_text()
    blocks = re.findall(r"^ {4,}(?![-*|] )(.+)$", text, re.MULTILINE)
    return "\n".join([*re.findall(r"`([^`\n]+)`", text), *blocks])


def named(pattern: str) -> set[str]:
    """What documents name in their code; CHANGELOG.md tells of other times, too."""
    documents = [path for path in DOCUMENTS if path.name != "CHANGELOG.md"]
    return {one for path in documents for one in re.findall(pattern, code(path), re.MULTILINE)}


def test_commands_that_documents_name_are_there(app: Flask) -> None:
    asked = named(r"(?:^|bin/|-m )bookme ([a-z][a-z-]+)")
    assert {"doctor", "run", "reviewer", "backup"} <= asked
    assert asked - {"db"} - set(main.commands) - set(app.cli.commands) == set()


def test_targets_that_documents_name_are_there() -> None:
    asked = named(r"(?:^|&& )make ([a-z][a-z-]+)")
    assert {"demo", "test", "check", "scan"} <= asked
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert asked - targets == set()


def test_modules_that_documents_run_are_there() -> None:
    asked = named(r"-m ((?:bookme|tests|sandbox)[.\w]*)")
    assert len(asked) > 5
    found = [ROOT / one.replace(".", "/") for one in asked]
    missing = [one for one in found if not (one.with_suffix(".py").exists() or one.is_dir())]
    assert missing == []
