"""The error tree: what a catcher can rely on."""

import pickle
from datetime import UTC, datetime

import pytest

from bookme import errors


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (errors.ClientRefused, errors.ProviderUnavailable),
        (errors.ScopeMissing, errors.ConnectionRevoked),
        (errors.WrongAccount, errors.ConnectionRevoked),
        (errors.ProviderUnavailable, errors.ProviderError),
        (errors.ProviderError, errors.BookMeError),
        (errors.SlotTaken, errors.BookMeError),
    ],
)
def test_catching_the_wider_error_does_what_the_narrower_one_needs(
    narrow: type[Exception], wide: type[Exception]
) -> None:
    assert issubclass(narrow, wide)


def test_an_error_says_provider_detail_and_request() -> None:
    error = errors.Rejected("zoom", "answered 400, code 300", request_id="r1", code=300)
    assert str(error) == "zoom: answered 400, code 300 (request r1)"


def test_an_error_survives_the_way_between_processes() -> None:
    at = datetime(2027, 3, 9, tzinfo=UTC)
    error = errors.ProviderUnavailable(
        "zoom", "answered 429", account_limit=True, retry_at=at, sent=True, code=429
    )
    copy = pickle.loads(pickle.dumps(error))
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)


def test_a_taken_slot_says_why() -> None:
    assert errors.SlotTaken().reason == "taken"
    assert str(errors.SlotTaken("went to another booker")) == "went to another booker"
