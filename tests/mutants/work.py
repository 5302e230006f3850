"""Mutants of what jobs do for a booking: invariants 3 and 4."""

from tests.mutants.mutant import Mutant

_CLAIM = "bookme/jobs/claim.py"
_LEASE = "bookme/jobs/lease.py"
_ANSWERS = "bookme/jobs/meeting/answers.py"
_MOMENTS = "bookme/moments.py"
_PLAN = "bookme/jobs/meeting/plan.py"
_POSTING = "bookme/jobs/messages/posting.py"
_READINGS = "bookme/jobs/calendars/readings.py"
_WAITS = "bookme/waits.py"
_TEST_CLAIM = "tests/jobs/test_claim.py"
_TEST_CLOCK = "tests/jobs/test_clock.py"
_TEST_INSTANTS = "tests/jobs/test_named_instants.py"
_TEST_MEETING = "tests/jobs/meeting/test_sync.py"
_TEST_ENTRY = "tests/jobs/entry/test_sync.py"
_TEST_BUSY = "tests/jobs/calendars/test_reading.py"
_TEST_LEASE = "tests/jobs/test_lease.py"
_TEST_SWEEP = "tests/jobs/processes/test_sweep.py"
_TEST_UNKNOWN = "tests/jobs/meeting/test_unknown.py"
_TEST_POSTING = "tests/jobs/messages/test_posting.py"

MUTANTS = (
    Mutant(
        "the lease of a killed worker never ends",
        3,
        _CLAIM,
        "model.id == row_id, moments.is_free(model, now)",
        "model.id == row_id, model.lease_until.is_(None)",
        (f"{_TEST_CLAIM}::test_a_lease_that_ran_out_goes_to_the_next_one",),
    ),
    Mutant(
        "two workers take one row",
        3,
        _CLAIM,
        "model.id == row_id, moments.is_free(model, now)",
        "model.id == row_id",
        (f"{_TEST_CLAIM}::test_of_many_at_once_one_takes_it",),
    ),
    Mutant(
        "a change made while a job runs is forgotten",
        3,
        _LEASE,
        "if booking.due_at == lease.claim.until:",
        "if True:",
        (f"{_TEST_LEASE}::test_a_change_meanwhile_stays_due",),
    ),
    Mutant(
        "a worker writes although its lease is another's",
        3,
        _CLAIM,
        ", model.lease_holder == claim.holder, *conditions)",
        ", *conditions)",
        ("tests/jobs/test_sync_races.py::test_a_lost_lease_writes_nothing_and_says_nothing",),
    ),
    Mutant(
        "what Redis did not take counts as queued",
        3,
        "bookme/jobs/processes/sweep.py",
        "ids[number:]",
        "ids[number + 1 :]",
        (f"{_TEST_SWEEP}::test_what_redis_does_not_take_is_found_again_at_once",),
    ),
    Mutant(
        "a row that was queued once is never queued again",
        3,
        _CLAIM,
        "moments.is_old(model.queued_at, now, again_after)",
        "model.queued_at.is_(None)",
        (f"{_TEST_SWEEP}::test_what_is_queued_is_not_queued_again_for_a_while",),
    ),
    Mutant(
        "a changed booking stays marked as queued",
        3,
        "bookme/models/booking.py",
        "self.queued_at = None",
        "pass",
        (f"{_TEST_SWEEP}::test_a_changed_booking_is_queued_again_at_once",),
    ),
    Mutant(
        "a meeting waits for as long as a provider says",
        3,
        _WAITS,
        "min(max(named, now + FIRST_RETRY), now + longest)",
        "max(named, now + FIRST_RETRY)",
        (f"{_TEST_INSTANTS}::test_a_meeting_is_tried_within_an_hour",),
    ),
    Mutant(
        "an entry waits for as long as a provider says",
        3,
        _WAITS,
        "min(max(named, now + FIRST_RETRY), now + longest)",
        "max(named, now + FIRST_RETRY)",
        (f"{_TEST_INSTANTS}::test_an_entry_is_tried_within_an_hour",),
    ),
    Mutant(
        "what was put off by a clock that was wrong waits for that instant",
        3,
        _MOMENTS,
        "sa.or_(column <= now, is_absurd(column, now))",
        "column <= now",
        (f"{_TEST_CLOCK}::test_bookings_made_while_the_clock_was_ahead_get_their_meetings",),
    ),
    Mutant(
        "a lease taken a moment after the onlooker read the clock counts as none",
        3,
        _MOMENTS,
        "column > now + _longest(column) + waits.CLOCKS_DIFFER",
        "column > now + _longest(column)",
        (
            f"{_TEST_CLAIM}::test_an_earlier_now_takes_no_lease_that_is_held",
            f"{_TEST_CLOCK}::test_an_earlier_now_takes_no_refresh_over",
        ),
    ),
    Mutant(
        "a lease taken by a clock that was wrong holds until that instant",
        3,
        _MOMENTS,
        "model.lease_until.is_(None), has_come(model.lease_until, now)",
        "model.lease_until.is_(None), model.lease_until <= now",
        (f"{_TEST_CLOCK}::test_a_worker_that_died_while_the_clock_was_ahead_holds_no_booking",),
    ),
    Mutant(
        "a calendar stays unread for as long as a provider says",
        3,
        _READINGS,
        "min(error.retry_at, now + waits.READ_EVERY)",
        "error.retry_at",
        (f"{_TEST_BUSY}::test_a_wait_of_years_is_cut_to_the_usual_pace",),
    ),
    Mutant(
        "a message that may have gone out counts as not sent",
        3,
        _POSTING,
        "if not error.sent:",
        "if True:",
        (f"{_TEST_POSTING}::test_of_an_unknown_outcome_the_reader_counts_as_told",),
    ),
    Mutant(
        "a message is given up when the server is down",
        3,
        _POSTING,
        "isinstance(error, ProviderUnavailable) and patient",
        "False",
        (f"{_TEST_POSTING}::test_a_server_that_is_down_is_waited_for",),
    ),
    Mutant(
        "an unknown outcome of a create counts as none",
        4,
        _ANSWERS,
        "_MAY_MAKE and not error.sent",
        "_MAY_MAKE",
        (f"{_TEST_UNKNOWN}::test_an_unknown_outcome_ends_in_one_meeting",),
    ),
    Mutant(
        "the attempt to create a meeting is not written down",
        4,
        "bookme/jobs/meeting/step.py",
        "meeting.attempted_at = task.begun_at",
        "pass",
        (f"{_TEST_UNKNOWN}::test_an_unknown_outcome_ends_in_one_meeting",),
    ),
    Mutant(
        "an unknown outcome is settled before Zoom's list can show it",
        4,
        _PLAN,
        "meeting.attempted_at + waits.SETTLE_AFTER",
        "meeting.attempted_at",
        (f"{_TEST_UNKNOWN}::test_an_unknown_outcome_ends_in_one_meeting",),
    ),
    Mutant(
        "nobody looks again for a meeting that shows up late",
        4,
        _ANSWERS,
        "meeting.look_again_at = now + waits.LOOK_AGAIN_AFTER",
        "pass",
        (f"{_TEST_UNKNOWN}::test_a_meeting_that_shows_up_late_is_deleted_at_the_last_look",),
    ),
    Mutant(
        "half a list of meetings passes for the whole",
        4,
        "bookme/providers/zoom/client.py",
        'raise ProviderUnavailable(self.name, f"listing',
        'str(f"listing',
        ("tests/providers/zoom/test_find.py::test_a_list_without_end_is_given_up",),
    ),
    Mutant(
        "an entry that is gone is asked for under its old id",
        4,
        "bookme/jobs/entry/answers.py",
        "entry.attempt += 1  # a provider",
        "pass  # a provider",
        (f"{_TEST_ENTRY}::test_a_moved_booking_gets_another_entry_for_one_that_is_gone",),
    ),
    Mutant(
        "a limit of creates stops deletes too",
        4,
        _PLAN,
        "if move in (Move.CREATE, Move.UPDATE):",
        "if True:",
        (f"{_TEST_MEETING}::test_a_spent_limit_stops_creates_and_updates_but_no_deletes",),
    ),
)
