"""A mutant that no test notices is found, and so is one that breaks the tests themselves."""

from pathlib import Path

import pytest

from tests.mutants.mutant import Mutant
from tests.mutants.trial import Verdict, tried

CODE = "def price(count):\n    return 2 * count\n"
TEST = "from code_of_ours import price\n\ndef test_it():\n    assert price(1) == 2\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "code_of_ours.py").write_text(CODE)
    (tmp_path / "test_code.py").write_text(TEST)
    return tmp_path


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("2 * count", "3 * count", Verdict.NOTICED),
        ("2 * count", "count + 1", Verdict.NOT_NOTICED),
        ("2 * count", "2 *", Verdict.NOT_RUN),
        ("4 * count", "", Verdict.NOT_FOUND),
    ],
)
def test_each_change_gets_its_verdict_and_is_taken_back(
    tree: Path, before: str, after: str, verdict: Verdict
) -> None:
    mutant = Mutant("one", 1, "code_of_ours.py", before, after, ("test_code.py::test_it",))
    assert tried(mutant, tree) is verdict
    assert (tree / "code_of_ours.py").read_text() == CODE
