"""The static part: bandit, in an environment of its own under ``var/``."""

import json
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

from tests.processes import ROOT

PINNED = "bandit==1.9.4"


@dataclass(frozen=True, slots=True)
class Finding:
    """:ivar file: below the root."""

    rule: str
    severity: str
    file: str
    line: int
    says: str


def read(said: str) -> list[Finding] | None:
    """What bandit found, in order; None if it says nothing, or could not read a file."""
    try:
        told = json.loads(said)
        if told["errors"]:
            return None
        found = [
            Finding(
                one["test_id"],
                one["issue_severity"].lower(),
                one["filename"].removeprefix("./"),
                one["line_number"],
                one["issue_text"],
            )
            for one in told["results"]
        ]
    except (ValueError, KeyError, TypeError):
        return None
    return sorted(found, key=lambda one: (one.rule, one.file, one.line))


def run(home: Path) -> list[Finding] | None:
    """Look through all that is installed; None where bandit can't be had from here."""
    program = home / "bin" / "bandit"
    if not program.exists():
        venv.create(home, with_pip=True)
        install = [home / "bin" / "python", "-m", "pip", "install", "--quiet", PINNED]
        if subprocess.run(install, capture_output=True, check=False).returncode:
            return None
    command = [program, "--quiet", "--recursive", "--format", "json", "bookme"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return read(said.stdout)
