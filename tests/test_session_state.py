"""No SQL in the code keeps anything in a session of PostgreSQL's beyond its transaction: a pooler
in transaction mode (tests/test_pooling.py) would hand it to somebody else.
"""

import re

import pytest

from tests.processes import ROOT

KEPT = re.compile(
    r"""
      pg_(try_)?advisory_(lock|unlock)(_shared|_all)?\b
    | ["']\s*(UN)?LISTEN\s+(\w|\*)
    | ["']\s*(PREPARE|DEALLOCATE|DISCARD)\s+\w
    | ["'\s]SET\s+(SESSION|TIME\s+ZONE|ROLE)\b
    | ["']\s*SET\s+(?!LOCAL\b|CONSTRAINTS\b|TRANSACTION\b|NULL\b|DEFAULT\b)\w+
    | set_config\([^)]*\bfalse
    | \bWITH\s+HOLD\b
    | \bCREATE\s+(LOCAL\s+|GLOBAL\s+)?TEMP(ORARY)?\s
    | prefixes\s*=\s*\[\s*["']TEMP
    | \bprepare\s*=\s*True\b
    | isolation_level\s*=\s*["']
    """,
    re.VERBOSE,
)


def test_no_statement_keeps_anything_in_a_session() -> None:
    files = [ROOT / "bookme" / "config.py", *(ROOT / "bookme").rglob("*.py")]
    files += (ROOT / "migrations").rglob("*.py")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if KEPT.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "sa.func.pg_advisory_lock(7)",
        "sa.func.pg_try_advisory_lock(7)",
        "sa.text('LISTEN bookings')",
        'sa.text("PREPARE taken AS SELECT 1")',
        'exec_driver_sql("SET statement_timeout = 5000")',
        'exec_driver_sql("SET SESSION statement_timeout = 5000")',
        "sa.text(\"SELECT set_config('x', 'y', false)\")",
        'sa.text("CREATE TEMPORARY TABLE x (y int)")',
        "cursor.execute(statement, prepare=True)",
        'engine.execution_options(isolation_level="AUTOCOMMIT")',
    ],
)
def test_what_keeps_something_is_found(line: str) -> None:
    assert KEPT.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "sa.func.pg_advisory_xact_lock(7)",
        'sa.text("SET LOCAL statement_timeout = 5000")',
        'sa.text("SET CONSTRAINTS ALL DEFERRED")',
        '"UPDATE hold SET ends_at = starts_at"',
        'help="Set a password"',
        'sa.ForeignKey("calendar.id", ondelete="SET NULL")',
    ],
)
def test_what_ends_with_its_transaction_is_not(line: str) -> None:
    assert not KEPT.search(line)
