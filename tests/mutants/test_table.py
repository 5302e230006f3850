"""The table of mutants fits the code as it is, so that it can't rot without anybody noticing."""

import ast
from collections import Counter

from tests.mutants import MUTANTS
from tests.mutants.mutant import ROOT


def test_each_mutants_text_stands_exactly_once_in_its_file() -> None:
    found = {one.name: (ROOT / one.file).read_text().count(one.before) for one in MUTANTS}
    assert {name: times for name, times in found.items() if times != 1} == {}


def test_each_mutant_changes_something_that_python_can_still_read() -> None:
    for mutant in MUTANTS:
        changed = mutant.applied((ROOT / mutant.file).read_text())
        assert mutant.before != mutant.after, mutant.name
        assert changed is None or ast.parse(changed), mutant.name


def test_the_tests_that_must_notice_are_there() -> None:
    named = {test for mutant in MUTANTS for test in mutant.tests}
    missing = []
    for test in sorted(named):
        path, _, name = test.partition("::")
        if f"def {name}(" not in (ROOT / path).read_text():
            missing.append(test)
    assert missing == []


def test_mutants_are_told_apart_and_each_has_tests() -> None:
    names = Counter(one.name for one in MUTANTS)
    assert [name for name, times in names.items() if times > 1] == []
    assert [one.name for one in MUTANTS if not one.tests] == []


def test_every_invariant_has_mutants_and_there_are_forty() -> None:
    assert {one.invariant for one in MUTANTS} == set(range(1, 14))
    assert len(MUTANTS) >= 40
