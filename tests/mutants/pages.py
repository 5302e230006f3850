"""Mutants of secrecy and of what pages let whom do and see: invariants 8, 9 and 10."""

from tests.mutants.mutant import Mutant

_SEALED = "bookme/sealed.py"
_ATTEMPTS = "bookme/connections/connecting/attempts.py"
_EMAIL = "bookme/accounts/routes/email.py"
_LINKS = "bookme/accounts/links.py"
_HTMX = "bookme/web/htmx.py"
_OIDC, _ATTACKS = "bookme/accounts/oidc/service.py", "tests/accounts/oidc/test_attacks.py"
_SIGNATURE = "bookme/webhooks/signature.py"
_TEST_SEALS = "tests/connections/grants/test_seals.py"
_TAKING_OVER = "tests/accounts/test_taking_over.py"
_TEST_CALLBACK = "tests/connections/connecting/test_callback.py"
_TEST_SIGNATURE = "tests/webhooks/test_signature.py"

MUTANTS = (
    Mutant(
        "a sealed value opens in another column",
        8,
        _SEALED,
        'f"{self.kind}:{name}{self.parts[column]}"',
        'f"{self.kind}:{name}"',
        (f"{_TEST_SEALS}::test_a_value_copied_to_another_column_does_not_open",),
    ),
    Mutant(
        "a sealed value opens in another row",
        8,
        _SEALED,
        'f"{self.kind}:{name}{self.parts[column]}"',
        'f"{self.kind}{self.parts[column]}"',
        (f"{_TEST_SEALS}::test_a_value_copied_to_another_row_does_not_open",),
    ),
    Mutant(
        "a change of keys forgets what is sealed in calendars",
        8,
        _SEALED,
        "PLACES = (CONNECTION, ATTEMPT, REMOVAL, LETTER, ENTRIES, ",
        "PLACES = (CONNECTION, ATTEMPT, REMOVAL, LETTER, ",
        ("tests/test_resealing.py::test_every_sealed_column_is_known_to_a_change_of_keys",),
    ),
    Mutant(
        "a token in a path is logged",
        8,
        "bookme/logs.py",
        "[^/]{32,}",
        "[^/]{33,}",
        ("tests/test_logs.py::test_every_real_token_is_hidden",),
    ),
    Mutant(
        "the words of an unforeseen error are logged",
        8,
        "bookme/jobs/processes/failures.py",
        'f"{type(error).__name__} at {way}"',
        'f"{error!r} at {way}"',
        ("tests/jobs/processes/test_worker.py::test_what_a_failure_quotes_is_kept_nowhere",),
    ),
    Mutant(
        "a redirect of a provider is followed with the credentials",
        8,
        "bookme/providers/http/transport.py",
        '"allow_redirects": False',
        '"allow_redirects": True',
        ("tests/providers/http/test_transport.py::test_a_redirect_is_not_followed",),
    ),
    Mutant(
        "a consent that another browser began connects this one",
        9,
        _ATTEMPTS,
        "AuthorizationAttempt.session_id == session.id,",
        "sa.true(),",
        (f"{_TEST_CALLBACK}::test_a_state_of_another_browser_is_left_for_that_browser",),
    ),
    Mutant(
        "a consent may be ended at any time",
        9,
        _ATTEMPTS,
        "AuthorizationAttempt.expires_at > now,",
        "sa.true(),",
        (f"{_TEST_CALLBACK}::test_an_old_state_explains_itself",),
    ),
    Mutant(
        "a consent that was under way outlives a disconnect",
        9,
        _ATTEMPTS,
        "AuthorizationAttempt.host_id == host_id, AuthorizationAttempt.provider == provider",
        "sa.false()",
        (
            "tests/connections/grants/test_disconnecting.py::test_a_consent_that_was_under_way_ends_with_it",
        ),
    ),
    Mutant(
        "a host signs out another host's browser",
        9,
        "bookme/accounts/sessions.py",
        ".where(Session.id == session_id, Session.user_id == user.id)",
        ".where(Session.id == session_id)",
        ("tests/accounts/test_sessions.py::test_nobody_signs_out_another_host",),
    ),
    Mutant(
        "a host reaches another host's schedule",
        9,
        "bookme/schedules/service.py",
        "Schedule.host_id == host.id,\n            Schedule.deleted_at",
        "Schedule.deleted_at",
        ("tests/schedules/test_routes.py::test_another_hosts_schedule_is_not_there",),
    ),
    Mutant(
        "a link in a mail outlives what it was for",
        9,
        _LINKS,
        "user.epoch != epoch",
        "False",
        ("tests/accounts/test_password.py::test_a_reset_link_serves_once_and_three_hours",),
    ),
    Mutant(
        "a link that confirms an address resets the password",
        9,
        _LINKS,
        'salt=f"bookme account link: {purpose}"',
        'salt="bookme account link"',
        ("tests/accounts/test_links.py::test_a_link_serves_its_own_purpose_only",),
    ),
    Mutant(
        "the owner of an address confirms a stranger's account with a button",
        9,
        _EMAIL,
        "if not user.is_confirmed and not access.is_known_here(user):",
        "if False:",
        (f"{_TAKING_OVER}::test_the_newer_link_does_not_give_the_owners_address_to_a_stranger",),
    ),
    Mutant(
        "the owner of an address gives it to a stranger's account with a button",
        9,
        _EMAIL,
        "if not access.is_known_here(user):",
        "if False:",
        (f"{_TAKING_OVER}::test_the_owner_of_an_address_gives_it_to_no_strangers_account",),
    ),
    Mutant(
        "whoever signed up before is still signed in after a second sign-up",
        9,
        "bookme/accounts/service.py",
        "    sessions.end_all(user)\n    known.forget_all(user)\n    for kind in (Schedule,",
        "    known.forget_all(user)\n    for kind in (Schedule,",
        (f"{_TAKING_OVER}::test_the_browser_that_signed_up_last_confirms_with_a_button",),
    ),
    Mutant(
        "a webhook of any age is taken",
        9,
        _SIGNATURE,
        "now - OLDEST <= datetime",
        "datetime",
        (f"{_TEST_SIGNATURE}::test_it_covers_zooms_retries_and_little_more",),
    ),
    Mutant(
        "without a secret every webhook is genuine that is signed with none",
        9,
        _SIGNATURE,
        "if not secret or ",
        "if ",
        (
            f"{_TEST_SIGNATURE}::test_without_a_secret_not_even_a_signature_made_with_none_is_genuine",
        ),
    ),
    Mutant(
        "htmx swaps the next page into a fragment",
        10,
        _HTMX,
        'return Response(status=204, headers={"HX-Redirect": location})',
        "pass",
        ("tests/public/test_book.py::test_htmx_is_led_to_the_booking",),
    ),
    Mutant(
        "a boosted link gets a fragment instead of a page",
        10,
        _HTMX,
        "not htmx.boosted and ",
        "",
        ("tests/public/test_show.py::test_a_boosted_link_and_the_back_button_get_the_whole_page",),
    ),
    Mutant(
        "a provider's word for an address opens the account that has it",
        9,
        _OIDC,
        "return Arrival(user, pending",
        "return Arrival(_open(user)) or (user, pending",
        (f"{_ATTACKS}::test_another_s_address_lets_nobody_in_and_links_nothing",),
    ),
    Mutant(
        "an address counts that no provider has checked",
        9,
        _OIDC,
        "if not claims.is_verified:",
        "if claims.is_verified is None:",
        (f"{_ATTACKS}::test_an_address_that_isn_t_verified_makes_no_account",),
    ),
    Mutant(
        "what one browser has begun at a provider ends in another",
        9,
        "bookme/accounts/oidc/attempts.py",
        "row.browser_hash == fingerprint(browser),",
        'row.browser_hash != "",',
        (f"{_ATTACKS}::test_another_browser_s_answer_signs_nobody_in",),
    ),
    Mutant(
        "an invitation lets everybody in",
        9,
        "bookme/accounts/invitations.py",
        "return db.session.scalar(gone) is not None",
        "return gone is not None",
        ("tests/accounts/test_admission.py::test_an_invitation_lets_one_person_in_once",),
    ),
)
