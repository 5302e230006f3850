"""A booking's entry as a file: what is changed in one that somebody else has written in too."""

import pytest

from bookme.errors import ProviderUnavailable
from bookme.providers.http.answers import reading
from bookme.providers.icloud import payload
from tests import wire
from tests.providers.conftest import NOON, request
from tests.providers.radicale import file

KEY = request().key


def changed(old: str, **fields: str) -> list[str]:
    """The file's lines after the booking's title or place has changed."""
    new = payload.changed(old.encode(), request(**fields), request(), NOON)
    assert new is not None
    return new.decode().replace("\r\n ", "").splitlines()


def test_a_new_entry_has_an_end_and_is_stamped() -> None:
    lines = payload.new(request(), NOON).decode().splitlines()
    assert {"DTEND:20270311T093000Z", "DTSTAMP:20270308T120000Z", "SEQUENCE:0"} <= set(lines)


def test_what_nobody_changed_is_not_written() -> None:
    assert payload.changed(payload.new(request(), NOON), request(), request(), NOON) is None


def test_the_text_of_strangers_stays_one_property() -> None:
    text = "Ana\nATTENDEE:mailto:eve@example.com\r\nBEGIN:VALARM;,\\"
    lines = payload.new(request(text=text), NOON).decode().replace("\r\n ", "").splitlines()
    assert not [line for line in lines if line.startswith(("ATTENDEE", "BEGIN:VALARM"))]
    entry = payload.entry(payload.new(request(title="a;b,c\\n"), NOON), None)
    assert entry.title == "a;b,c\\n"


def test_only_what_changed_is_changed_and_counted() -> None:
    old = file(f"UID:{KEY}", "SEQUENCE:4", "SUMMARY:Mine", "DTSTART:20270311T090000Z", "X-OWN:1")
    lines = changed(old, location="Lisbon")
    assert {"SUMMARY:Mine", "X-OWN:1", "LOCATION:Lisbon", "SEQUENCE:5"} <= set(lines)


def test_a_day_or_a_length_gives_way_to_an_end() -> None:
    old = file(f"UID:{KEY}", "DTSTART;VALUE=DATE:20270311", "DURATION:P1D")
    moved = request(ends_at=request().ends_at.replace(hour=10))
    new = payload.changed(old.encode(), moved, request(), NOON)
    assert new is not None
    lines = new.decode().splitlines()
    assert {"DTSTART:20270311T090000Z", "DTEND:20270311T103000Z"} <= set(lines)
    assert not [line for line in lines if line.startswith("DURATION")]


def test_of_a_series_the_host_made_of_it_the_whole_is_changed() -> None:
    one = file(f"UID:{KEY}", "RECURRENCE-ID:20270318T090000Z", "SUMMARY:One")
    whole = file(f"UID:{KEY}", "RRULE:FREQ=WEEKLY", "SUMMARY:All")
    inner = whole[whole.index("BEGIN:VEVENT") : whole.index("END:VCALENDAR")]
    lines = changed(one.replace("END:VCALENDAR", f"{inner}END:VCALENDAR"), title="New")
    assert "SUMMARY:One" in lines
    assert "SUMMARY:New" in lines
    assert "SUMMARY:All" not in lines


@pytest.mark.parametrize(
    "content", ["", "SECRET", file().replace("VEVENT", "VTODO"), file().replace("UID:e", "X:1")]
)
def test_a_file_without_an_entry_is_an_outage(content: str) -> None:
    with pytest.raises(ProviderUnavailable) as caught, reading("icloud"):
        payload.entry(content.encode(), None)
    assert "SECRET" not in wire.shown(caught.value)


def test_an_entry_is_read_whatever_else_is_in_its_file() -> None:
    odd = b"BEGIN:VALARM\r\nX-APPLE-RADIUS=49.9\r\nEND:VALARM\r\nEND:VEVENT"
    read = payload.entry(payload.new(request(), NOON).replace(b"END:VEVENT", odd), None)
    assert not read.differs_from(request())
