"""Mutants of the times on offer and of what a booking holds: invariants 1 and 2."""

from tests.mutants.mutant import Mutant

_OVERLAP = "bookme/migrations/versions/0002_hold_overlap.py"
_SERVICE = "bookme/bookings/service.py"
_BUSY = "bookme/bookings/busy.py"
_ANSWERS = "tests/bookings/test_answering.py"
_BOOK = "tests/bookings/test_service_book.py"
_CHANGE = "tests/bookings/test_service_change.py"
_LOCK = "tests/bookings/test_lock.py"
_PAGE = "tests/public/test_book.py"
_BUSY_SLOTS = "tests/bookings/test_busy_slots.py"

MUTANTS = (
    Mutant(
        "SQLite lets a hold be moved onto another",
        1,
        _OVERLAP,
        '"AND id <> OLD.id"',
        '"AND 0"',
        ("tests/test_migrations.py::test_an_overlapping_update_is_refused",),
    ),
    Mutant(
        "SQLite misses an overlap at a hold's end",
        1,
        _OVERLAP,
        "AND ends_at > NEW.starts_at",
        "AND ends_at >= NEW.ends_at",
        ("tests/test_migrations.py::test_an_overlapping_insert_is_refused",),
    ),
    Mutant(
        "PostgreSQL refuses only the very same hold",
        1,
        _OVERLAP,
        "tstzrange(starts_at, ends_at) WITH &&",
        "tstzrange(starts_at, ends_at) WITH =",
        ("tests/test_migrations.py::test_an_overlapping_insert_is_refused",),
        database="postgresql",
    ),
    Mutant(
        "the host's row is not locked",
        1,
        "bookme/bookings/locking.py",
        ".with_for_update(key_share=True)",
        "",
        (f"{_LOCK}::test_the_host_is_locked_before_anything_is_read",),
        database="postgresql",
    ),
    Mutant(
        "a move decides on a booking as it was before the lock",
        1,
        "bookme/bookings/locking.py",
        "db.session.scalar(again.execution_options(populate_existing=True))",
        "booking",
        (f"{_LOCK}::test_the_booking_is_read_again_under_the_lock",),
    ),
    Mutant(
        "the database's refusal of an overlap is a broken page",
        1,
        _SERVICE,
        'if "ex_hold_overlap" not in str(error.orig):',
        "if error.orig:",
        (f"{_BOOK}::test_the_databases_refusal_of_an_overlap_is_a_slot_that_was_taken",),
    ),
    Mutant(
        "a moved booking holds its old time",
        1,
        _SERVICE,
        "take_time(booking)",
        "pass",
        (f"{_CHANGE}::test_a_moved_booking_takes_its_new_time_and_frees_the_old",),
    ),
    Mutant(
        "a hold is without the buffer after it",
        1,
        "bookme/bookings/slots.py",
        "minutes=schedule.buffer_after_minutes",
        "minutes=0",
        (f"{_BOOK}::test_the_hold_has_the_buffers_around_it",),
    ),
    Mutant(
        "the weekly limit looks six days around",
        2,
        "bookme/bookings/counting.py",
        "timedelta(days=8)",
        "timedelta(days=6)",
        (f"{_BOOK}::test_a_weeks_limit_counts_from_its_monday_to_its_sunday",),
    ),
    Mutant(
        "a limit does not count pending bookings",
        2,
        "bookme/bookings/counting.py",
        "whose, *within, among(Booking.status, HOLDING)",
        "whose, *within, among(Booking.status, HOLDING[2:])",
        (f"{_BOOK}::test_a_limit_counts_pending_bookings",),
    ),
    Mutant(
        "nothing is checked again on submit",
        2,
        _SERVICE,
        "_refuse_unless_open(schedule, starts_at, now=now, minutes=minutes, email=booker.email)",
        "pass",
        (f"{_BOOK}::test_what_is_not_on_offer_is_refused_with_the_reason",),
    ),
    Mutant(
        "a limit lets one more through",
        2,
        "bookme/availability/limits.py",
        "count >= limit",
        "count > limit",
        ("tests/availability/test_slots.py::test_limits_count_the_schedules_bookings",),
    ),
    Mutant(
        "a link admits a second booking",
        1,
        "bookme/bookings/links.py",
        "    link.uses_left -= 1\n",
        "",
        (f"{_ANSWERS}::test_a_link_admits_one_booking_and_its_form_sent_again_is_the_same",),
    ),
    Mutant(
        "a request waits into the notice",
        1,
        "bookme/bookings/answering.py",
        "max(min(wanted, latest), least)",
        "max(wanted, least)",
        (f"{_ANSWERS}::test_a_request_waits_as_long_as_the_host_has_but_never_into_the_notice",),
    ),
    Mutant(
        "the buffers before and after change places",
        2,
        "bookme/availability/slots.py",
        "(begin - rules.after, end + rules.before)",
        "(begin - rules.before, end + rules.after)",
        ("tests/availability/test_slots.py::test_the_whole_hold_is_clear",),
    ),
    Mutant(
        "the first twelve times are offered instead of the nearest",
        2,
        "bookme/public/offers.py",
        "key=lambda start: abs(start - to)",
        "key=lambda start: start",
        (f"{_PAGE}::test_the_times_nearest_to_one_that_is_gone_are_offered",),
    ),
    Mutant(
        "a calendar that failed for an hour closes nothing",
        2,
        _BUSY,
        "sa.or_(Calendar.failing_since <= since, lost)",
        "lost",
        (f"{_BUSY_SLOTS}::test_an_hour_of_failures_closes",),
    ),
    Mutant(
        "times beyond what was read are free",
        2,
        _BUSY,
        "_busy(), _unread(), ",
        "_busy(), ",
        (f"{_BUSY_SLOTS}::test_what_was_not_read_is_not_offered",),
    ),
    Mutant(
        "another host's entry of the same id is taken for ours",
        2,
        _BUSY,
        "            Booking.host_id == _HOST,\n",
        "",
        (f"{_BUSY_SLOTS}::test_an_entry_of_the_same_id_elsewhere_is_not_ours",),
    ),
)
