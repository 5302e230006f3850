"""Mutants of what BookMe keeps of an account, and how it ends: invariants 5, 6 and 7."""

from tests.mutants.mutant import Mutant

_REFRESHING = "bookme/connections/grants/refreshing.py"
_ENDINGS = "bookme/connections/grants/disconnecting.py"
_SEALS = "bookme/connections/grants/seals.py"
_NOTED = "bookme/connections/grants/noted.py"
_TEST_TOKENS = "tests/connections/grants/test_tokens.py"
_TEST_USING = "tests/connections/grants/test_using.py"
_TEST_TRACES = "tests/test_wal.py"
_TEST_DISCONNECT = "tests/connections/grants/test_disconnecting.py"
_DEAD = "test_a_dead_grant_is_marked_its_tokens_deleted_and_the_host_told_once"
_AFTER = "test_a_refresh_that_ends_after_a_disconnect_writes_nothing_and_revokes_what_it_got"

MUTANTS = (
    Mutant(
        "a pair is stored although its generation has moved on",
        5,
        _REFRESHING,
        "Connection.generation == seen.generation,",
        "sa.true(),",
        (f"{_TEST_TOKENS}::test_a_pair_whose_generation_has_moved_on_is_not_stored",),
    ),
    Mutant(
        "a pair is stored in a connection that has ended",
        5,
        _REFRESHING,
        "Connection.status == ConnectionStatus.ACTIVE,",
        "sa.true(),",
        (f"{_TEST_TOKENS}::test_it_does_not_revoke_what_a_newer_connection_uses",),
    ),
    Mutant(
        "two refresh at once",
        5,
        "bookme/connections/grants/lease.py",
        "moments.is_free(Connection, now),",
        "sa.true(),",
        (
            "tests/connections/grants/test_single_flight.py::test_a_hundred_callers_make_one_refresh",
        ),
    ),
    Mutant(
        "what a refresh got after a disconnect is not revoked",
        5,
        _REFRESHING,
        "if not shared:",
        "if shared:",
        (f"{_TEST_TOKENS}::{_AFTER}",),
    ),
    Mutant(
        "a limit of the account holds for as long as a provider says",
        5,
        "bookme/connections/grants/failures.py",
        "blocked_until = min(error.retry_at, now + waits.LONGEST_LIMIT)",
        "blocked_until = error.retry_at",
        (f"{_TEST_USING}::test_an_absurd_limit_blocks_a_day_at_most_and_one_a_second_nothing",),
    ),
    Mutant(
        "a race that was lost marks the connection as dead",
        6,
        _ENDINGS,
        "            Connection.generation == generation,",
        "            sa.true(),",
        (f"{_TEST_TOKENS}::test_a_lost_race_is_no_death",),
    ),
    Mutant(
        "a host is not told of a dead grant",
        6,
        _ENDINGS,
        "owe_letter(letter, ended, now=now)",
        "pass",
        (f"{_TEST_TOKENS}::{_DEAD}",),
    ),
    Mutant(
        "dead tokens are kept",
        6,
        _ENDINGS,
        "        **seals.NO_PAIR,\n",
        "",
        (f"{_TEST_TOKENS}::{_DEAD}",),
    ),
    Mutant(
        "our own refused credentials end a host's grant",
        6,
        "bookme/providers/http/refusal.py",
        '"invalid_client": ClientRefused',
        '"invalid_client": ConnectionRevoked',
        (f"{_TEST_TOKENS}::test_our_credentials_refused_end_no_grant_and_alarm_the_operator",),
    ),
    Mutant(
        "a connection that was checked once is never checked again",
        6,
        "bookme/jobs/refresh.py",
        "moments.is_old(Connection.checked_at, now, waits.CHECK_EVERY)",
        "Connection.checked_at.is_(None)",
        ("tests/jobs/test_refresh.py::test_a_connection_that_was_checked_is_not_due_for_a_day",),
    ),
    Mutant(
        "the account's id is left after a disconnect",
        7,
        _SEALS,
        '    "account_id_sealed": None,\n',
        "",
        (f"{_TEST_DISCONNECT}::test_confirmed_it_revokes_then_deletes_and_says_so",),
    ),
    Mutant(
        "nobody owes the emptying of SQLite's log after a disconnect",
        7,
        _ENDINGS,
        "    wal.owe_truncation(now=now)\n    db.session.flush()\n\n",
        "    db.session.flush()\n\n",
        (f"{_TEST_TRACES}::test_after_a_disconnect_no_byte_is_left",),
    ),
    Mutant(
        "SQLite's log is copied and kept",
        7,
        "bookme/wal.py",
        "wal_checkpoint(TRUNCATE)",
        "wal_checkpoint(PASSIVE)",
        (f"{_TEST_TRACES}::test_after_a_disconnect_no_byte_is_left",),
    ),
    Mutant(
        "SQLite keeps the bytes of deleted rows",
        7,
        "bookme/database.py",
        "secure_delete = ON",
        "secure_delete = OFF",
        ("tests/test_database.py::test_sqlite_is_told_how_to_behave",),
    ),
    Mutant(
        "what was learned of an account comes back after a disconnect",
        7,
        _NOTED,
        "connection is not None and connection.is_active",
        "connection is not None",
        (f"{_TEST_USING}::test_what_zoom_said_of_an_account_is_not_written_over_a_disconnect",),
        database="postgresql",
    ),
    Mutant(
        "a limit of the account is noted after a disconnect",
        7,
        _NOTED,
        ", Connection.status == ConnectionStatus.ACTIVE)",
        ")",
        (f"{_TEST_USING}::test_a_limit_that_is_learned_after_a_disconnect_is_not_kept",),
    ),
)
