"""Codes of authenticator apps."""

import base64
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bookme.accounts.factors import totp

#: RFC 6238, appendix B, of whose eight digits an app shows the last six.
SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_of(SECRET, totp.step_at(now)) == code
    assert totp.matching_step(SECRET, code, now=now) == totp.step_at(now)


@pytest.mark.parametrize(
    ("off", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_off_by_one_step(off: int, taken: bool) -> None:
    now = datetime.fromtimestamp(1_700_000_000, UTC)
    code = totp.code_of(SECRET, totp.step_at(now) + off)
    assert (totp.matching_step(SECRET, code, now=now) is not None) is taken


def test_an_app_reads_issuer_address_and_secret() -> None:
    parts = urlsplit(totp.address(SECRET, "mara+1@example.com"))
    assert (parts.scheme, parts.netloc, parts.path) == (
        "otpauth",
        "totp",
        "/BookMe:mara%2B1%40example.com",
    )
    assert parse_qs(parts.query) == {"secret": [SECRET], "issuer": ["BookMe"]}


def test_a_new_secret_has_160_bits_and_is_another_each_time() -> None:
    one, other = totp.new_secret(), totp.new_secret()
    assert len(base64.b32decode(one)) == 20
    assert one != other
