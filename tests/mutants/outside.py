"""Mutants of what people are told, what is deleted outside, and who is waited for: invariants 11,
12 and 13.
"""

from tests.mutants.mutant import Mutant

_CALLS = "bookme/jobs/meeting/calls.py"
_TRANSPORT = "bookme/providers/http/transport.py"
_TEST_DATABASE = "tests/test_database.py"
_TEST_ICLOUD = "tests/providers/icloud/test_client.py"
_TEST_LETTERS = "tests/jobs/calendars/test_letters.py"
_TEST_OURS = "tests/jobs/meeting/test_only_ours.py"
_TEST_WHOLE = "tests/web/test_whole_first.py"
_TEST_UNKNOWN = "tests/jobs/meeting/test_unknown.py"

MUTANTS = (
    Mutant(
        "a host is not told that a calendar cannot be read",
        11,
        "bookme/jobs/calendars/readings.py",
        "letters.owe(calendar, connection, now=now)\n        calendar.read_after",
        "calendar.read_after",
        (f"{_TEST_LETTERS}::test_the_first_failure_is_told_if_it_does_not_pass",),
    ),
    Mutant(
        "a change by hand is not shown on the booking's page",
        11,
        "bookme/jobs/calendars/hand_changes.py",
        "note(entry.booking, EventKind.ENTRY_CHANGED_BY_HAND, now)",
        "pass",
        ("tests/jobs/calendars/test_hand_changes.py::test_what_the_host_did_is_noted_once",),
    ),
    Mutant(
        "settling an attempt deletes meetings that are not ours",
        12,
        _CALLS,
        "for one in _ours(video, found, sought)]",
        "for one in found]",
        (f"{_TEST_OURS}::test_settling_a_cancelled_booking_deletes_no_meeting_of_the_hosts_own",),
    ),
    Mutant(
        "a meeting that lost our reference is deleted with its booking",
        12,
        _CALLS,
        "if video.get(meeting_id).reference != task.wanted.reference:",
        "if False:",
        (f"{_TEST_OURS}::test_a_meeting_that_lost_our_reference_stays_and_the_host_reads_so",),
    ),
    Mutant(
        "the last look deletes meetings that are not ours",
        12,
        _CALLS,
        "one is not None and one.reference == sought.reference",
        "one is not None",
        (f"{_TEST_UNKNOWN}::test_the_last_look_deletes_no_meeting_without_our_reference",),
    ),
    Mutant(
        "a repeated create overwrites what the host has added in iCloud",
        12,
        "bookme/providers/icloud/client.py",
        '{"If-None-Match": "*"}',
        "{}",
        (f"{_TEST_ICLOUD}::test_a_repeated_create_keeps_what_the_host_has_added",),
    ),
    Mutant(
        "a change by the host while we write to iCloud is overwritten",
        12,
        "bookme/providers/icloud/client.py",
        'condition = {"If-Match": etag} if etag else {}',
        "condition = {}",
        (f"{_TEST_ICLOUD}::test_a_change_by_the_host_while_we_write_is_not_lost",),
    ),
    Mutant(
        "a page that only reads takes SQLite's write lock",
        13,
        "bookme/web/security.py",
        'reads = request.method in ("GET", "HEAD", "OPTIONS")',
        "reads = False",
        (f"{_TEST_DATABASE}::test_a_get_reads_and_a_post_writes",),
    ),
    Mutant(
        "a transaction begins before the client has sent its form",
        13,
        "bookme/web/security.py",
        "bounds.refuse_many_fields(request.get_data())  # kept",
        "pass  # kept",
        (f"{_TEST_WHOLE}::test_every_route_that_takes_a_body_reads_it_before_it_begins",),
    ),
    Mutant(
        "a transaction that writes locks only when it writes",
        13,
        "bookme/database.py",
        '_WRITING = "BEGIN IMMEDIATE"',
        '_WRITING = "BEGIN"',
        (f"{_TEST_DATABASE}::test_a_writing_transaction_locks_before_it_reads",),
    ),
    Mutant(
        "a call to a provider lasts for as long as the provider likes",
        13,
        "bookme/deadline.py",
        "self.join(seconds)",
        "self.join(30)",
        ("tests/providers/http/test_transport.py::test_the_deadline_ends_a_call_that_would_go_on",),
    ),
    Mutant(
        "a provider's answer may be of any size",
        13,
        _TRANSPORT,
        "if len(content) > most:",
        "if False:",
        ("tests/providers/http/test_transport.py::test_a_body_over_the_limit_is_not_read",),
    ),
)
