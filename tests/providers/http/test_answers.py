"""Reading what a provider answered."""

from datetime import UTC, datetime, timedelta

import pytest

from bookme.errors import ProviderUnavailable
from bookme.providers.http.answers import (
    Answer,
    error_code,
    nested,
    objects,
    plain_text,
    reading,
    request_id,
    retry_after,
)
from tests import wire

NOW = datetime(2027, 3, 8, 12, 0, tzinfo=UTC)


def answer(content: bytes = b"", status: int = 200, **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): text for name, text in headers.items()}, content)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", NOW + timedelta(minutes=2)),
        ("0", NOW),
        ("2027-03-09T00:00:00Z", datetime(2027, 3, 9, tzinfo=UTC)),
        ("2027-03-09T01:00:00+01:00", datetime(2027, 3, 9, tzinfo=UTC)),
        ("2027-03-09T00:00:00", datetime(2027, 3, 9, tzinfo=UTC)),
        ("Tue, 09 Mar 2027 00:00:00 GMT", datetime(2027, 3, 9, tzinfo=UTC)),
        ("Tue, 09 Mar 2027 00:00:00 -0000", datetime(2027, 3, 9, tzinfo=UTC)),
        ("", None),
        ("-5", None),
        ("²", None),
        ("tomorrow", None),
        ("9" * 40, None),
        ("9" * 5000, None),
        ("9999-12-31T23:59:59-12:00", None),
        ("2027-13-45T00:00:00Z", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_or_nothing(
    header: str, expected: datetime | None
) -> None:
    assert retry_after(answer(Retry_After=header), NOW) == expected


def test_no_retry_after_is_nothing() -> None:
    assert retry_after(answer(), NOW) is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"", None),
        (b"[1]", None),
        (b'"text"', None),
        (b"<html>", None),
        (b'{"a": ', None),
        (b"\xff\xfe", None),
        (b"[" * 200_000, None),
        (b'{"a": ' + b"9" * 5000 + b"}", None),
    ],
    ids=["object", "empty", "list", "text", "HTML", "cut", "no UTF-8", "deep", "endless number"],
)
def test_a_body_is_a_json_object_or_none(content: bytes, expected: object) -> None:
    assert answer(content).json() == expected


@pytest.mark.parametrize(
    ("status", "had_effect"), [(200, True), (302, True), (400, False), (429, False), (500, True)]
)
def test_only_a_refusal_has_certainly_no_effect(status: int, had_effect: bool) -> None:
    assert answer(status=status).had_effect is had_effect


@pytest.mark.parametrize("value", [None, True, 1.5, [], {}, "", "two words", "x" * 65, "<b>"])
def test_what_is_no_code_is_not_let_through_as_one(value: object) -> None:
    assert error_code(value) is None


@pytest.mark.parametrize("value", [124, "invalid_grant", "ErrorItemNotFound"])
def test_codes_are_numbers_or_words(value: object) -> None:
    assert error_code(value) == value


def test_a_request_id_is_cut_and_must_be_printable() -> None:
    assert request_id(answer(x_id="v=2.0;rid=WEB_1"), "x-id") == "v=2.0;rid=WEB_1"
    assert len(request_id(answer(x_id="a" * 999), "x-id") or "") == 128
    assert request_id(answer(x_id="\x1b[2J"), "x-id") is None
    assert request_id(answer(), "x-id") is None


@pytest.mark.parametrize("value", [1, [], "a\0b", "\ud800", "12345"])
def test_text_that_no_column_takes_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="key|surrogates"):
        plain_text({"key": value}, "key", most=4)


@pytest.mark.parametrize("body", [{}, {"key": None}, {"key": ""}])
def test_absent_text_is_none(body: dict[str, object]) -> None:
    assert plain_text(body, "key") is None


@pytest.mark.parametrize("body", [{}, {"key": None}])
def test_an_absent_object_or_list_is_empty(body: dict[str, object]) -> None:
    assert nested(body, "key") == {}
    assert objects(body, "key") == []


def test_objects_come_back_as_they_are() -> None:
    assert nested({"key": {"a": 1}}, "key") == {"a": 1}
    assert objects({"key": [{"a": 1}]}, "key") == [{"a": 1}]


@pytest.mark.parametrize("value", [0, "", "text", True, [1], ["a"], [None]])
def test_what_is_no_object_or_list_of_objects_is_refused(value: object) -> None:
    for read in (nested, objects):
        with pytest.raises(ValueError, match="key"):
            read({"key": value}, "key")


def test_wrong_fields_are_an_outage_that_may_have_had_effect() -> None:
    with pytest.raises(ProviderUnavailable) as caught, reading("zoom"):
        datetime.fromisoformat("SECRET")
    assert caught.value.sent
    assert "SECRET" not in wire.shown(caught.value)


def test_an_answer_shows_nothing_of_its_body_or_headers() -> None:
    assert repr(answer(b"SECRET", Set_Cookie="SECRET")) == "Answer(status=200)"
