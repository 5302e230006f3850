"""Mutants of what becomes of bookers' data: how long it is kept, and what they do with it
themselves. Invariants 3, 7, 8, 9 and 11.
"""

from tests.mutants.mutant import Mutant

_KEEPING = "bookme/keeping.py"
_OWN = "bookme/bookings/own.py"
_TEST_KEEPING = "tests/test_keeping.py"
_TEST_OWN = "tests/public/test_own_data.py"
_RACES = "tests/bookings/test_races.py"
_STAYS = "test_a_booking_stays_until_its_host_deletes_it_unless_the_operator_sets_a_time"

MUTANTS = (
    Mutant(
        "bookings go although nobody has set a time for that",
        3,
        _KEEPING,
        "return timedelta(days=days) if days else None",
        "return timedelta(days=days)",
        (f"{_TEST_KEEPING}::{_STAYS}",),
    ),
    Mutant(
        "a message goes before it was sent",
        3,
        _KEEPING,
        "            Email.state == state,\n",
        "",
        (f"{_TEST_KEEPING}::test_what_is_still_to_come_or_to_be_sent_stays_however_old",),
    ),
    Mutant(
        "a history goes before its appointment is over",
        11,
        _KEEPING,
        "            BookingEvent.booking.has(Booking.ends_at < before),\n",
        "",
        (f"{_TEST_KEEPING}::test_what_is_still_to_come_or_to_be_sent_stays_however_old",),
    ),
    Mutant(
        "whom a deleted row named stays in SQLite's log",
        8,
        _KEEPING,
        "if gone and rule.has_persons:",
        "if False:",
        (f"{_TEST_KEEPING}::{_STAYS}",),
    ),
    Mutant(
        "a new address counts before it is confirmed from there",
        9,
        _OWN,
        "    booker.new_email = email\n",
        "    booker.email = booker.new_email = email\n",
        (f"{_TEST_OWN}::test_a_new_address_counts_once_it_is_confirmed_from_there",),
    ),
    Mutant(
        "a correction brings back who waits to be erased",
        8,
        _OWN,
        "booking.booker is not None and booking.erase_by is None",
        "booking.booker is not None",
        (f"{_TEST_OWN}::test_what_is_about_to_be_deleted_can_t_be_corrected",),
    ),
    Mutant(
        "a booker is erased before everybody was told who cancelled",
        11,
        "bookme/bookings/erasure.py",
        "if now < latest and _is_owed(booking):",
        "if False:",
        (
            f"{_TEST_OWN}::test_a_booking_to_come_is_cancelled_and_all_are_told_by_name_before_the_rest_goes",
        ),
    ),
    Mutant(
        "a booker reads what the host notes about them",
        9,
        "bookme/bookings/own_data.py",
        '" reminders_off_at"',
        '" host_notes reminders_off_at"',
        (f"{_TEST_OWN}::test_the_file_has_all_of_it",),
    ),
    Mutant(
        "a correction is made of what was read before the lock",
        3,
        _OWN,
        "db.session.refresh(booker)",
        "pass",
        (f"{_RACES}::test_of_two_corrections_at_once_the_later_one_counts_whole",),
        database="postgresql",
    ),
    Mutant(
        "two guests who leave at once are one change",
        3,
        "bookme/bookings/service.py",
        "    locked(guest.booking)\n",
        "    lock_host(guest.booking.host_id)\n",
        (f"{_RACES}::test_two_guests_who_leave_at_once_are_two_changes",),
        database="postgresql",
    ),
    Mutant(
        "an account's end and a guest who leaves wait for each other",
        7,
        "bookme/jobs/closing.py",
        "    lock_host(user_id)\n",
        "",
        ("tests/jobs/test_closing.py::test_the_host_is_locked_before_rows_go",),
        database="postgresql",
    ),
)
