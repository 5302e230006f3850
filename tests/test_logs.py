import pytest

from bookme.crypto import new_token
from bookme.logs import masked_path

TOKEN = "Zx3" + "aB_-9" * 6


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        (f"/booking/{TOKEN}", "/booking/***"),
        (f"/booking/{TOKEN}/cancel", "/booking/***/cancel"),
        (f"/confirm/{TOKEN}.{TOKEN}", "/confirm/***"),
        ("/mara/intro-call/book", "/mara/intro-call/book"),
        ("/dashboard/bookings/3f2504e04f8941d39a0c0305e82c3301", None),
        ("/", "/"),
    ],
    ids=["booking", "below", "signed", "plain", "reference", "root"],
)
def test_tokens_in_paths_are_hidden(path: str, masked: str | None) -> None:
    assert masked_path(path) == (path if masked is None else masked)


def test_every_real_token_is_hidden() -> None:
    for _ in range(200):
        token = new_token()
        assert token not in masked_path(f"/booking/{token}/reschedule")
