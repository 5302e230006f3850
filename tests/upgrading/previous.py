"""The release before this one, kept as an archive: tests run its code on today's tables.

``python -m tests.upgrading.previous TAG`` keeps another one: CONTRIBUTING.md says when.
"""

import lzma
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.processes import ROOT

FOLDER = Path(__file__).parent
#: What of a release is not kept: it is large, and runs without it.
_LEFT_OUT = ("bookme/static/help", "bookme/translations")


def kept() -> Path:
    """The archive."""
    (found,) = FOLDER.glob("bookme-*.tar.xz")
    return found


def version() -> str:
    """What it is called: ``bookme-1.0.0.tar.xz`` is 1.0.0."""
    return kept().name.removeprefix("bookme-").removesuffix(".tar.xz")


def unpack(into: Path) -> Path:
    """Its code, in a folder from which ``python -m bookme…`` runs it."""
    with tarfile.open(kept()) as archive:
        archive.extractall(into, filter="data")
    return into


def keep(commit: str, name: str) -> Path:
    """Take a release from git, in place of the one that is there; the same bytes each time."""
    without = [f":(exclude){path}" for path in _LEFT_OUT]
    command = ["git", "archive", "--format=tar", commit, "bookme", *without]
    taken = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    for old in FOLDER.glob("bookme-*.tar.xz"):
        old.unlink()
    path = FOLDER / f"bookme-{name}.tar.xz"
    path.write_bytes(lzma.compress(taken, preset=9 | lzma.PRESET_EXTREME))
    return path


def main() -> None:
    commit, *names = sys.argv[1:]
    path = keep(commit, *(names or [commit.removeprefix("v")]))
    sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    main()
