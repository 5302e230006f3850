"""Mutants of what operators and their machines see, and of pages that are given again. Invariants
2, 9, 10, 11 and 13.
"""

from tests.mutants.mutant import Mutant

_AGAIN = "bookme/public/again.py"
_KEPT = "bookme/public/kept.py"
_ROUTES = "bookme/operating/routes.py"
_TEST_AGAIN = "tests/public/test_again_in_the_same_words.py"
_TEST_METRICS = "tests/metrics/test_page.py"
_TEST_PUBLISHED = "tests/public/test_published.py"
_TEST_OPERATOR = "tests/operating/test_page.py"

MUTANTS = (
    Mutant(
        "every host is an operator",
        9,
        _ROUTES,
        "if not current_user.is_authenticated or not operators.is_one(access.host()):",
        "if not current_user.is_authenticated:",
        (f"{_TEST_OPERATOR}::test_for_everybody_else_there_is_nothing",),
    ),
    Mutant(
        "whoever sits at an operator's browser takes pages down",
        9,
        _ROUTES,
        '@proving.required("operator.ask_pause")\n',
        "",
        (f"{_TEST_OPERATOR}::test_an_act_needs_a_proof",),
    ),
    Mutant(
        "nobody can tell which operator it was",
        11,
        "bookme/acts.py",
        "by_id=by.id if by is not None else None,",
        "by_id=None,",
        (f"{_TEST_OPERATOR}::test_a_host_is_paused_and_a_report_closed_and_both_are_noted",),
    ),
    Mutant(
        "any token shows the metrics",
        9,
        "bookme/metrics/access.py",
        'return is_right and scheme.lower() == "bearer"',
        'return is_right or scheme.lower() == "bearer"',
        (f"{_TEST_METRICS}::test_metrics_are_for_those_who_show_the_token",),
    ),
    Mutant(
        "each look at the metrics takes a connection that hangs",
        13,
        "bookme/metrics/looking.py",
        "if is_stale and hangs:",
        "if False:",
        (f"{_TEST_METRICS}::test_a_database_that_hangs_is_not_waited_for",),
    ),
    Mutant(
        "a page is given again after its host has changed it",
        2,
        _KEPT,
        "(seen.host_id, seen.number) == (self.seen.host_id, self.seen.number)",
        "seen.host_id == self.seen.host_id",
        (f"{_TEST_AGAIN}::test_a_version_or_a_minute_later_it_does",),
    ),
    Mutant(
        "a page is given again after its times have passed",
        2,
        _KEPT,
        "and self.minutes == _minutes(now)",
        "and self.minutes",
        (f"{_TEST_AGAIN}::test_a_version_or_a_minute_later_it_does",),
    ),
    Mutant(
        "a schedule is read as it was in an earlier version of its host",
        2,
        "bookme/public/lookups.py",
        "(seen.host_id, seen.number, slug, asking)",
        "(seen.host_id, slug, asking)",
        (f"{_TEST_PUBLISHED}::test_it_is_read_once_for_a_version",),
    ),
    Mutant(
        "a deleted schedule is read for its page",
        2,
        "bookme/public/published.py",
        "        Schedule.deleted_at.is_(None),\n",
        "",
        (f"{_TEST_PUBLISHED}::test_what_is_not_published_is_not_read",),
    ),
    Mutant(
        "one reader's cookie is given to the next",
        9,
        _AGAIN,
        'name != "Set-Cookie" for',
        'name != "" for',
        (f"{_TEST_AGAIN}::test_no_cookie_is_given_again",),
    ),
    Mutant(
        "one reader's language is given to the next",
        10,
        _AGAIN,
        '"HTTP_ACCEPT_LANGUAGE", ',
        "",
        (f"{_TEST_AGAIN}::test_a_kept_page_looks_at_nothing_that_does_not_tell_requests_apart",),
    ),
)
