from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bookme.webhooks.signature import digest, is_genuine
from tests.contracts import VECTORS

SECRET = VECTORS["zoom_webhook_secret"]
SAMPLES = {sample["name"]: sample for sample in VECTORS["zoom_signature"]}
SAMPLE = SAMPLES["app_deauthorized"]


def at(sample: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(sample["timestamp"]), UTC)


def genuine(sample: dict[str, Any], **changed: Any) -> bool:
    asked = {
        "body": sample["raw_body_utf8"].encode(),
        "signature": sample["x-zm-signature"],
        "timestamp": sample["timestamp"],
        "secret": SECRET,
        "now": at(sample),
    } | changed
    return is_genuine(
        asked["body"], asked["signature"], asked["timestamp"], asked["secret"], now=asked["now"]
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_every_known_signature_is_genuine(name: str) -> None:
    assert genuine(SAMPLES[name])


def test_without_a_secret_not_even_a_signature_made_with_none_is_genuine() -> None:
    body, timestamp = SAMPLE["raw_body_utf8"].encode(), SAMPLE["timestamp"]
    signature = "v0=" + digest("", b"v0:" + timestamp.encode() + b":" + body)
    assert not genuine(SAMPLE, secret="", signature=signature)


@pytest.mark.parametrize("name", SAMPLES)
def test_one_byte_more_is_not(name: str) -> None:
    assert not genuine(SAMPLES[name], body=SAMPLES[name]["raw_body_utf8"].encode() + b" ")


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": None},
        {"signature": ""},
        {"signature": "v0=" + "0" * 64},
        {"signature": SAMPLE["x-zm-signature"].upper()},
        {"signature": SAMPLE["x-zm-signature"].removeprefix("v0=")},
        {"signature": "v0=é"},
        {"timestamp": None},
        {"timestamp": ""},
        {"timestamp": "soon"},
        {"timestamp": "١٧٤٠٤٣٩٧٣٣"},
        {"timestamp": "1740439734"},
        {"timestamp": "-1740439733"},
        {"timestamp": "9" * 40},
        {"secret": "another"},
        {"secret": ""},
    ],
)
def test_anything_else_is_not(changed: dict[str, Any]) -> None:
    assert not genuine(SAMPLE, **changed)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (timedelta(hours=2), True),
        (timedelta(hours=2, seconds=1), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, seconds=-1), False),
    ],
)
def test_it_covers_zooms_retries_and_little_more(later: timedelta, expected: bool) -> None:
    assert genuine(SAMPLE, now=at(SAMPLE) + later) is expected


def test_a_time_in_milliseconds_is_understood() -> None:
    timestamp = SAMPLE["timestamp"] + "000"
    body = SAMPLE["raw_body_utf8"].encode()
    signature = f"v0={digest(SECRET, b'v0:' + timestamp.encode() + b':' + body)}"
    assert genuine(SAMPLE, timestamp=timestamp, signature=signature)


def test_the_answer_to_a_validation_is_the_known_one() -> None:
    sample = VECTORS["zoom_url_validation"]
    assert digest(SECRET, sample["plainToken"].encode()) == sample["encryptedToken"]
