"""From when to when, as the reader has it, and as the host does."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from bookme.public.reader import Reader
from bookme.public.times import both_zones, in_a_line

AT_NINE = datetime(2027, 3, 2, 9, tzinfo=UTC)
HALF = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("starts_at", "zone", "hours", "words"),
    [
        (AT_NINE, "Europe/Lisbon", 24, "Tuesday, 2 March 2027, 09:00–09:30"),
        (AT_NINE, "Europe/Lisbon", 12, "Tuesday, 2 March 2027, 9:00 am–9:30 am"),
        (
            AT_NINE.replace(hour=23, minute=45),
            "UTC",
            24,
            "Tuesday, 2 March 2027, 23:45 to Wednesday, 3 March 2027, 00:15",
        ),
        (
            datetime(2027, 10, 31, 0, 45, tzinfo=UTC),
            "Europe/Berlin",
            24,
            "Sunday, 31 October 2027, 02:45 (first)–02:15 (second)",
        ),
    ],
    ids=["24 hours", "12 hours", "over midnight", "as the clock is put back"],
)
def test_a_stretch_says_its_start_and_its_end(
    app: Flask, starts_at: datetime, zone: str, hours: int, words: str
) -> None:
    with app.test_request_context():
        found = in_a_line(starts_at, starts_at + HALF, Reader(zone, hours, "en_GB"))
    assert found.replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("reads", "host", "words"),
    [
        ("Europe/Lisbon", "Europe/London", ""),
        ("Europe/Lisbon", "Europe/Berlin", "For Mara it’s 10:00–10:30 (Berlin time)."),
        ("Europe/Lisbon", "Pacific/Auckland", "For Mara it’s 22:00–22:30 (Auckland time)."),
        (
            "Pacific/Auckland",
            "Pacific/Honolulu",
            "For Mara it’s Monday, 1 March 2027, 23:00–23:30 (Honolulu time).",
        ),
    ],
    ids=["the same clock", "another", "late", "another day"],
)
def test_the_host_s_time_is_said_where_their_clock_shows_another(
    app: Flask, reads: str, host: str, words: str
) -> None:
    with app.test_request_context():
        reader = Reader(reads, 24, "en_GB")
        assert both_zones(AT_NINE, AT_NINE + HALF, reader, zone=host, host="Mara") == words
