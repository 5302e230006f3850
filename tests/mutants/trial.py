"""One mutant tried: the change is made in a copy of the tree, never in the tree itself."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from tests.mutants.mutant import ROOT, Mutant

#: All that the tests read.
_PARTS = ("bookme", "sandbox", "docs", "tests", "wsgi.py", "README.md")
_PARTS += ("pyproject.toml", "requirements.txt", "requirements-demo.txt")
_PARTS += ("requirements-dev.txt", "Makefile")
#: Seconds for the tests of one mutant, and for those of all.
_LONGEST, LONGEST_OF_ALL = 180, 900
_PASSED, _FAILED = 0, 1


class Verdict(StrEnum):
    NOTICED = "noticed"
    NOT_NOTICED = "NOT noticed"
    NOT_FOUND = "text not found"
    NOT_RUN = "tests did not run"


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of the tree, to be changed at will."""
    with tempfile.TemporaryDirectory(prefix="bookme-mutants-") as folder:
        for part in _PARTS:
            source = ROOT / part
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, Path(folder, part), ignore=ignored)
            elif source.exists():
                shutil.copy2(source, folder)
        yield Path(folder)


def tried(mutant: Mutant, tree: Path) -> Verdict:
    """Make the change in a copy, run the tests that must notice it, and take it back."""
    file = tree / mutant.file
    original = file.read_text()
    changed = mutant.applied(original)
    if changed is None:
        return Verdict.NOT_FOUND
    file.write_text(changed)
    try:
        code, _ = run(mutant.tests, tree, database=mutant.database)
    finally:
        file.write_text(original)
    if code == _FAILED:
        return Verdict.NOTICED
    return Verdict.NOT_NOTICED if code == _PASSED else Verdict.NOT_RUN


def run(
    tests: Sequence[str], tree: Path, *, database: str, longest: float = _LONGEST
) -> tuple[int, str]:
    """Run tests in a copy; return pytest's exit code, -1 if it took too long, and what it said."""
    other = {"sqlite": "not postgresql", "postgresql": "postgresql"}[database]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line", "-p", "no:cacheprovider"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    try:
        done = subprocess.run(
            [*command, "-m", other, *tests],
            cwd=tree,
            env=env,
            capture_output=True,
            text=True,
            timeout=longest,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1, "took too long"
    return done.returncode, done.stdout
