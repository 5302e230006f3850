"""Mutants of signing in elsewhere: invariant 9."""

from tests.mutants.mutant import Mutant

_SERVICE = "bookme/accounts/oidc/service.py"
_TOKEN = "bookme/accounts/oidc/id_token.py"
_ATTACKS = "tests/accounts/oidc/test_attacks.py"
_INSIDE = "tests/accounts/oidc/test_inside.py"

MUTANTS = (
    Mutant(
        "a token for another app lets somebody in",
        9,
        _TOKEN,
        '"aud": {"essential": True, "value": asked.provider.client_id},',
        '"aud": {"essential": True},',
        (f"{_ATTACKS}::test_a_token_that_isn_t_as_it_must_be_is_not_believed",),
    ),
    Mutant(
        "a token counts however long it is over",
        9,
        _TOKEN,
        "leeway=int(LEEWAY.total_seconds())",
        "leeway=10**6",
        ("tests/accounts/oidc/test_id_token.py::test_clocks_may_be_a_minute_apart",),
    ),
    Mutant(
        "a document that speaks for another provider is used",
        9,
        "bookme/accounts/oidc/discovery.py",
        "if issuer != provider.issuer and not _stands_for(issuer, provider.issuer):",
        "if not issuer:",
        ("tests/accounts/oidc/test_discovery.py::test_a_document_that_isn_t_its_own_is_not_used",),
    ),
    Mutant(
        "what was begun in one session ends in another",
        9,
        "bookme/accounts/oidc/attempts.py",
        "row.session_id == (session.id if session else None)",
        "row.session_id.is_not(None)",
        (f"{_INSIDE}::test_nor_in_another_one_that_goes_on_beside_it",),
    ),
    Mutant(
        "a link between a provider and an account waits for ever",
        9,
        "bookme/accounts/oidc/pending_links.py",
        "PendingLink.expires_at > now,",
        "PendingLink.expires_at.is_not(None),",
        (f"{_ATTACKS}::test_a_link_waits_half_an_hour",),
    ),
    Mutant(
        "anybody at the provider shows who is there",
        9,
        _SERVICE,
        "if known is None or known.user_id != host.id:",
        "if known is not None and known.user_id != host.id:",
        (f"{_INSIDE}::test_another_person_at_the_provider_doesn_t_show_who_is_there",),
    ),
    Mutant(
        "who is signed in at the provider shows who is there without signing in",
        9,
        _SERVICE,
        "at < attempt.begun_at - LEEWAY",
        "at > attempt.begun_at + LEEWAY",
        (f"{_INSIDE}::test_being_signed_in_at_the_provider_already_is_not_signing_in_again",),
    ),
    Mutant(
        "an account that is ending lets its host in by a provider",
        9,
        _SERVICE,
        "if user is None or user.closing_at is not None:",
        "if user is None:",
        (f"{_ATTACKS}::test_an_account_that_is_ending_lets_nobody_in",),
    ),
)
