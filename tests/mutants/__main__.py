"""``make mutants``: shows that each small, wrong change of the table is noticed by a test.

``python -m tests.mutants words`` tries only those with these words in their names.
"""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from queue import SimpleQueue

from tests.mutants import MUTANTS
from tests.mutants.mutant import Mutant
from tests.mutants.trial import LONGEST_OF_ALL, Verdict, copied, run, tried


def main(words: Sequence[str]) -> int:
    """Try the mutants, several at once; return 0 if every one is noticed."""
    chosen = [one for one in MUTANTS if all(word in one.name for word in words)]
    with copied() as tree:
        if not _passes_unchanged(chosen, tree):
            return 1
    workers = os.cpu_count() or 1
    trees: SimpleQueue[Path] = SimpleQueue()

    def attempt(mutant: Mutant) -> Verdict:
        tree = trees.get()
        try:
            return tried(mutant, tree)
        finally:
            trees.put(tree)

    verdicts = []
    with ExitStack() as stack:
        for _ in range(workers):
            trees.put(stack.enter_context(copied()))
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        for mutant, verdict in zip(chosen, pool.map(attempt, chosen), strict=True):
            say(f"{verdict:17}  {mutant.invariant:2}  {mutant.name}")
            verdicts.append(verdict)
    noticed = verdicts.count(Verdict.NOTICED)
    say(f"{noticed} of {len(chosen)} noticed")
    return 0 if chosen and noticed == len(chosen) else 1


def _passes_unchanged(mutants: Sequence[Mutant], tree: Path) -> bool:
    """A test that fails anyway would notice everything."""
    by_database = sorted(mutants, key=lambda one: one.database)
    for database, group in groupby(by_database, key=lambda one: one.database):
        tests = sorted({test for one in group for test in one.tests})
        code, said = run(tests, tree, database=database, longest=LONGEST_OF_ALL)
        if code:
            say(f"{said}\nThese tests fail, or don't run, without any change.")
            return False
    return True


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
