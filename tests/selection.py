"""Which tests run on PostgreSQL besides SQLite, and which `make check` leaves out.

PostgreSQL differs in locks, constraints, types and plans, so what writes, races, lists or migrates
runs on both. A page asks the same services again and runs on SQLite, save what is marked
``both_databases``, such as bytes that only PostgreSQL refuses.
"""

from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent

#: Files below this folder whose tests run on both databases.
ON_POSTGRESQL = (
    "test_database.py",
    "test_health.py",
    "test_migrations.py",
    "test_queue.py",
    "web/test_bounds.py",
    "test_characters.py",
    "test_resealing.py",
    "test_upgrade.py",
    "accounts/test_delete.py",
    "export/test_export.py",
    "accounts/test_hashing.py",
    "accounts/test_races.py",
    "accounts/test_seen.py",
    "accounts/test_sessions.py",
    "accounts/test_taking_over.py",
    "bookings/test_busy_slots.py",
    "bookings/test_erasure_traces.py",
    "bookings/dashboard/test_routes.py",
    "bookings/test_hold.py",
    "bookings/test_lock.py",
    "bookings/test_service_*.py",
    "bookings/test_shown_is_bookable.py",
    "connections/test_attention.py",
    "connections/calendars/test_choices.py",
    "connections/connecting/test_callback.py",
    "connections/grants/test_cloud_disconnecting.py",
    "connections/grants/test_disconnecting.py",
    "connections/grants/test_lock_order.py",
    "connections/connecting/test_replacing.py",
    "connections/grants/test_seals.py",
    "connections/test_service.py",
    "connections/grants/test_single_flight.py",
    "connections/grants/test_tokens.py",
    "test_wal.py",
    "connections/calendars/test_unclear.py",
    "connections/grants/test_using.py",
    "jobs/*",
    "public/test_queries.py",
    "public/test_race.py",
    "public/test_guests.py",
    "schedules/test_listing.py",
    "schedules/test_questions.py",
    "schedules/test_service.py",
    "webhooks/*",
)

#: Folders and files whose tests start processes, servers or crowds.
PROCESSES = (
    "browser/*",
    "faults/test_run.py",
    "flows/*",
    "connections/connecting/test_with_sandbox.py",
    "jobs/processes/test_worker.py",
    "mutants/test_trial.py",
    "public/test_race.py",
    "running/*",
    "sandbox/test_icloud_process.py",
    "sandbox/test_process.py",
    "test_harness.py",
)
#: Whoever asks for one of these fixtures asks for a process, too.
_RUNNING = {"process", "running", "system", "postgres_system"}


def databases(path: Path, *, is_marked: bool) -> list[str]:
    """The databases that the tests of a file run on.

    :param is_marked: the test bears the mark ``both_databases``.
    """
    both = is_marked or _is_among(path, ON_POSTGRESQL)
    return ["sqlite", "postgresql"] if both else ["sqlite"]


def mark(item: pytest.Item) -> None:
    """Mark what a test needs, so that it can be left out: ``postgresql``, ``processes``."""
    asked = set(getattr(item, "fixturenames", ()))
    values = getattr(getattr(item, "callspec", None), "params", {}).values()
    if "postgresql" in values or "postgres" in asked:
        item.add_marker("postgresql")
    if _is_among(item.path, PROCESSES) or asked & _RUNNING:
        item.add_marker("processes")
    if asked & {"chromium", "open_page"}:
        item.add_marker("browser")


def _is_among(path: Path, patterns: tuple[str, ...]) -> bool:
    where = path.relative_to(ROOT).as_posix()
    return any(fnmatch(where, pattern) for pattern in patterns)
