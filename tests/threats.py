"""What docs/threats.md says: who wants what, and which tests try it."""

import re
from dataclasses import dataclass

from tests.processes import ROOT

FILE = ROOT / "docs" / "threats.md"


@dataclass(frozen=True, slots=True)
class Threat:
    """A line of the table.

    :ivar tests: files and folders below the root.
    """

    who: str
    wants: str
    stopped_by: str
    tests: tuple[str, ...]


def threats() -> list[Threat]:
    """All lines, in order."""
    lines = [line for line in FILE.read_text().splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return [
        Threat(who, wants, by, tuple(re.findall(r"`(tests/[^`]+)`", tried)))
        for who, wants, by, tried in cells
    ]
