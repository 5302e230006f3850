"""What a mutant is."""

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small, wrong change to the code, and the tests that must notice it.

    :ivar name: what would be wrong, in words.
    :ivar invariant: the promise that it breaks; see ``tests/mutants/__init__.py``.
    :ivar before: stands exactly once in ``file``. Short, so that it outlives other changes.
    :ivar tests: as pytest takes them, from the top folder, without parameters.
    :ivar database: the one whose half of the tests is run; PostgreSQL where the rule lives there.
    """

    name: str
    invariant: int
    file: str
    before: str = field(repr=False)
    after: str = field(repr=False)
    tests: tuple[str, ...]
    database: str = "sqlite"

    def applied(self, text: str) -> str | None:
        """The file's text with the change made; None if its place is not found exactly once."""
        if text.count(self.before) != 1:
            return None
        return text.replace(self.before, self.after)
