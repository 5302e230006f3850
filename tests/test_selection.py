"""What runs on PostgreSQL too, and what `make check` leaves out."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from tests import selection


@pytest.mark.parametrize(
    "patterns", [selection.ON_POSTGRESQL, selection.SQLITE_ONLY, selection.PROCESSES]
)
def test_every_line_of_a_list_names_tests_that_are_there(patterns: Iterable[str]) -> None:
    assert [one for one in patterns if not list(selection.ROOT.glob(one))] == []


def test_what_writes_races_and_lists_runs_on_postgresql_too() -> None:
    names = ("service", "race", "races", "listing", "queries", "hold", "lock", "lease")
    found = [path for name in names for path in selection.ROOT.glob(f"*/test_{name}.py")]
    asked = [path for path in found if path.parent.name != "sandbox"]  # has no database of ours
    assert len(asked) > 8
    left_out = [str(path) for path in asked if "postgresql" not in selection.databases(path)]
    assert left_out == []


def test_a_page_runs_on_sqlite_unless_it_is_marked() -> None:
    page = selection.ROOT / "public" / "test_show.py"
    assert selection.databases(page) == ["sqlite"]
    assert selection.databases(page, marks={"both_databases"}) == ["sqlite", "postgresql"]


def test_what_is_marked_so_or_listed_runs_on_sqlite_though_others_beside_it_run_on_both() -> None:
    jobs = selection.ROOT / "jobs"
    assert selection.databases(jobs / "test_claim.py") == ["sqlite", "postgresql"]
    assert selection.databases(jobs / "test_claim.py", marks={"one_database"}) == ["sqlite"]
    assert selection.databases(jobs / "messages" / "test_guests.py") == ["sqlite"]


def test_workers_begin_with_what_waits_and_none_shares_a_line_of_it() -> None:
    paths = sorted(selection.ROOT.rglob("test_*.py"))
    items: list[Any] = [SimpleNamespace(path=path) for path in paths for _ in range(10)]
    for workers in (2, 3, 4):
        dealt = selection.in_turn(items, workers)
        assert sorted(map(id, dealt)) == sorted(map(id, items))
        shares, left = [], dealt
        for nth in range(workers):  # as xdist deals them out
            size = len(left) // (workers - nth)
            shares.append(left[:size])
            left = left[size:]
        for line in selection.PROCESSES:
            begun = [any(one.path.match(f"tests/{line}") for one in share) for share in shares]
            assert begun.count(True) == 1, line
        first = [share[0].path.relative_to(selection.ROOT) for share in shares]
        waits = [any(path.match(line) for line in selection.PROCESSES) for path in first]
        assert waits == [True] * min(workers, 3) + [False] * (workers - 3), first
