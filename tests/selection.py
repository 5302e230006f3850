"""Which tests run on PostgreSQL besides SQLite, what `make check` leaves out, and what comes first.

PostgreSQL differs in locks, constraints, types and plans, so what writes, races, lists or migrates
runs on both. A page asks the same services again and runs on SQLite, save what is marked
``both_databases``, such as bytes that only PostgreSQL refuses. So do, among those files, what only
words and our own tables decide: SQLITE_ONLY, and what is marked ``one_database``.
"""

from collections.abc import Collection
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent

#: Files below this folder whose tests run on both databases.
ON_POSTGRESQL = (
    "test_acts.py",
    "support/test_bundle.py",
    "doctor/test_inside.py",
    "operating/test_page.py",
    "test_database.py",
    "test_health.py",
    "test_keeping.py",
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
    "bookings/test_answer_race.py",
    "bookings/test_answering.py",
    "bookings/test_busy_slots.py",
    "bookings/test_erasure_traces.py",
    "bookings/dashboard/test_csv.py",
    "bookings/dashboard/test_listing.py",
    "bookings/test_hold.py",
    "bookings/test_limits.py",
    "bookings/test_lock.py",
    "bookings/test_races.py",
    "bookings/test_service_*.py",
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
    "erasure/*",
    "feed/test_feed.py",
    "guard/test_strangers.py",
    "guard/test_unwanted.py",
    "hours/test_copies.py",
    "hours/test_service.py",
    "hours/test_time_off.py",
    "jobs/*",
    "metrics/test_page.py",
    "numbers/test_numbers.py",
    "public/test_kept.py",
    "public/test_queries.py",
    "public/test_race.py",
    "public/test_reading_while_booking.py",
    "public/test_versions.py",
    "reviewer/test_command.py",
    "schedules/links/test_service.py",
    "schedules/test_listing.py",
    "schedules/test_questions.py",
    "schedules/test_service.py",
    "webhooks/*",
)

#: Files among these whose tests differ in words and in what providers answer, not in what they ask
#: the database, which others beside them ask on both.
SQLITE_ONLY = (
    "jobs/messages/test_answers.py",
    "jobs/messages/test_booking.py",
    "jobs/messages/test_guests.py",
)

#: Folders and files whose tests start processes, servers or crowds, and about how many seconds they
#: take: they wait more than they work, so they come first and the others run beside them.
PROCESSES = {
    "browser/*": 110,
    "flows/test_[!l]*.py": 75,
    "flows/test_launcher.py": 40,
    "faults/test_run.py": 25,
    "baddays/*": 60,
    "upgrading/*": 50,
    "running/test_*": 45,
    "guard/test_attacks.py": 60,
    "jobs/processes/test_worker.py": 35,
    "public/test_race.py": 20,
    "public/test_reading_while_booking.py": 15,
    "bookings/test_answer_race.py": 20,
    "connections/connecting/test_with_sandbox.py": 15,
    "sandbox/test_icloud_process.py": 15,
    "sandbox/test_process.py": 15,
    "packaged/*": 40,
    "mutants/test_trial.py": 5,
    "test_harness.py": 5,
}
#: By so many workers at once, or a machine with two cores keeps them waiting for itself. Further
#: workers only work, in what these leave of the processor.
_AT_ONCE = 3
#: Whoever asks for one of these fixtures asks for a process, too.
_RUNNING = {"process", "running", "system", "postgres_system"}


def databases(path: Path, *, marks: Collection[str] = ()) -> list[str]:
    """The databases that a test of a file runs on, by its marks."""
    among = _is_among(path, ON_POSTGRESQL) and not _is_among(path, SQLITE_ONLY)
    both = "both_databases" in marks or (among and "one_database" not in marks)
    return ["sqlite", "postgresql"] if both else ["sqlite"]


def mark(item: pytest.Item) -> None:
    """Mark what a test needs, so that it can be left out: ``postgresql``, ``processes``."""
    asked = set(getattr(item, "fixturenames", ()))
    values = getattr(getattr(item, "callspec", None), "params", {}).values()
    if "postgresql" in values or "postgres" in asked:
        item.add_marker("postgresql")
    if _is_among(item.path, tuple(PROCESSES)) or asked & _RUNNING:
        item.add_marker("processes")
    if asked & {"chromium", "open_page"}:
        item.add_marker("browser")


def in_turn(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The tests in the order in which they end soonest on so many workers, each of which begins
    with an equal share: first those of PROCESSES, dealt out evenly and never a line's to two.
    """
    hands: list[list[pytest.Item]] = [[] for _ in range(workers)]
    seconds = [0] * min(workers, _AT_ONCE)
    for pattern, lasts in sorted(PROCESSES.items(), key=lambda one: -one[1]):
        least = seconds.index(min(seconds))
        hands[least] += [item for item in items if _is_among(item.path, (pattern,))]
        seconds[least] += lasts
    rest = [item for item in items if not _is_among(item.path, tuple(PROCESSES))]
    for nth, hand in enumerate(hands):
        share = (len(rest) + sum(map(len, hands[nth:]))) // (workers - nth)
        missing = max(0, share - len(hand))
        hand += rest[:missing]
        del rest[:missing]
    return [item for hand in hands for item in hand] + rest


@cache  # asked for each of thousands of tests
def _is_among(path: Path, patterns: tuple[str, ...]) -> bool:
    where = path.relative_to(ROOT).as_posix()
    return any(fnmatch(where, pattern) for pattern in patterns)
