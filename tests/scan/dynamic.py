"""The dynamic part: the tests that docs/threats.md names, which attack a running BookMe."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.processes import ROOT
from tests.threats import Threat


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the tests of a file or folder ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )


def run(threats: Sequence[Threat], said: Path) -> str:
    """Run them, each once, on SQLite, and return what pytest wrote into ``said``; empty if it
    wrote nothing.
    """
    said.unlink(missing_ok=True)
    tests = sorted({test for threat in threats for test in threat.tests})
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", "not postgresql"]
    command = [*pytest, f"--junitxml={said}", *tests]
    subprocess.run(command, cwd=ROOT, check=False)
    return said.read_text() if said.exists() else ""


def outcomes(junit: str) -> dict[str, Outcome]:
    """By module, such as ``tests.guard.test_attacks``."""
    found: dict[str, Outcome] = {}
    for case in ET.fromstring(junit).iter("testcase"):
        module = _module(case.get("classname", ""))
        found[module] = found.get(module, Outcome()) + _ended(case)
    return found


def of(threat: Threat, found: dict[str, Outcome]) -> Outcome:
    """How all tests of a threat ended."""
    total = Outcome()
    for test in threat.tests:
        name = test.removesuffix(".py").replace("/", ".")
        for module, outcome in found.items():
            if module == name or module.startswith(f"{name}."):
                total += outcome
    return total


def _module(classname: str) -> str:
    """The module of a test, whose class, if it has one, stands behind."""
    return ".".join(part for part in classname.split(".") if part[:1].islower())


def _ended(case: ET.Element) -> Outcome:
    kinds = {one.tag for one in case}
    if kinds & {"failure", "error"}:
        return Outcome(failed=1)
    return Outcome(skipped=1) if "skipped" in kinds else Outcome(passed=1)
