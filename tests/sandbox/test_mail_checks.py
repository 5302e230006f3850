"""Which messages are taken."""

import re

import pytest

from sandbox.mail.checks import inspect
from tests.sandbox.letters import calendar, letter

ANA = "ana@example.net"


def refusal(raw: bytes, *recipients: str, smtp_utf8: bool = False) -> str | None:
    return inspect(raw, recipients or [ANA], smtp_utf8=smtp_utf8).refusal


def spoilt(old: str, new: str) -> bytes:
    raw = letter().as_bytes()
    changed = re.sub(old.encode(), new.encode(), raw, count=1, flags=re.MULTILINE)
    assert changed != raw
    return changed


def test_a_proper_message_is_taken() -> None:
    seen = inspect(letter(event=calendar()).as_bytes(), [ANA], smtp_utf8=False)
    assert seen.refusal is None
    assert seen.message_id == "<bk7.1.confirmation@bookme.test>"
    assert seen.subject == "Booked: Intro call – Zoë"


def test_a_cancellation_is_taken() -> None:
    assert refusal(letter(event=calendar("CANCEL"), method="CANCEL").as_bytes()) is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (r"^Message-ID: .*\r\n", "", "Message-ID"),
        (r"^Message-ID: .*$", "Message-ID: bk7@bookme.test\r", "Message-ID"),
        (r"^Message-ID: .*$", "Message-ID: <bk7>\r", "Message-ID"),
        (r"^Date: .*\r\n", "", "Date"),
        (r"^Date: .*$", "Date: soon\r", "Date"),
        (r"^Date: .*$", "Date: Mon, 01 Mar 2027 08:00:00 -0000\r", "Date"),
        (r"^From: .*\r\n", "", "From"),
        (r"^From: .*$", "From: BookMe\r", "From"),
        (r"^From: .*$", "From: a@b.test, c@d.test\r", "From"),
        (r"^From: .*$", "From: a@b.test\r\nFrom: a@b.test\r", "From"),
        (r"^To: .*\r\n", "", "To"),
        (r"^To: .*$", "To: other@example.net\r", "neither in To nor in Cc"),
        (r"^Subject: .*\r\n", "", "Subject"),
        (r"^Subject: .*$", "Subject: Zoë\r", "SMTPUTF8"),
        (r"^Reply-To: .*$", "Reply-To: <mara\r", "Reply-To"),
        (r"multipart/alternative", "multipart/mixed", "multipart/alternative"),
        (r"text/html", "text/x-html", "text/html"),
        (r"text/plain", "text/html", "text/plain"),
        (r'charset="utf-8"', 'charset="us-ascii"', "charset"),
        (r'charset="utf-8"', 'charset="klingon"', "charset"),
    ],
)
def test_a_message_that_makes_programs_guess_is_refused(old: str, new: str, words: str) -> None:
    found = refusal(spoilt(old, new))
    assert found is not None
    assert words in found


def test_headers_in_utf8_need_to_be_announced() -> None:
    raw = spoilt(r"^Subject: .*$", "Subject: Zoë\r")
    assert refusal(raw, smtp_utf8=True) is None


def test_every_recipient_stands_in_the_message() -> None:
    assert refusal(letter().as_bytes(), ANA.upper()) is None
    assert refusal(letter().as_bytes(), ANA, "hidden@example.net") is not None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("METHOD:REQUEST\r\n", ""), "METHOD"),
        (("METHOD:REQUEST", "METHOD:CANCEL"), "METHOD"),
        (("VERSION:2.0\r\n", ""), "VERSION"),
        (("PRODID:-//BookMe//EN\r\n", ""), "PRODID"),
        (("BEGIN:VEVENT", "BEGIN:VTODO"), "do not match"),
        (("VEVENT", "VTODO"), "no event"),
        (("UID:bk7@bookme.test\r\n", ""), "UID"),
        (("DTSTAMP:20270301T080000Z\r\n", ""), "DTSTAMP"),
        (("SEQUENCE:0\r\n", ""), "SEQUENCE"),
        (("ORGANIZER;CN=Mara:mailto:bookme@bookme.test\r\n", ""), "ORGANIZER"),
        (("ATTENDEE:mailto:Ana@example.net\r\n", ""), "ATTENDEE"),
        (("ATTENDEE:mailto:Ana@example.net", "ATTENDEE:mailto:bo@example.net"), "ATTENDEE"),
        (("ATTENDEE:mailto:Ana", "ATTENDEE:Ana"), "mail addresses"),
        (("DTEND:20270308T153000Z\r\n", ""), "DTEND"),
        (("DTEND:20270308T153000Z", "DTEND:20270308T150000Z"), "DTEND"),
        (("DTSTART:20270308T150000Z", "DTSTART:20270308T150000"), "zone"),
        (("DTSTART:20270308T150000Z", "DTSTART;VALUE=DATE:20270308"), "zone"),
        (("DTSTART:20270308T150000Z", "DTSTART:tomorrow"), "DTSTART"),
        (("\r\n", "\n"), "CR LF"),
        (("SUMMARY:Intro call", f"SUMMARY:{'x' * 70}"), "75 octets"),
        (("SUMMARY:Intro call", f"SUMMARY:{'é' * 35}"), "75 octets"),
    ],
)
def test_an_attachment_that_calendars_reject_is_refused(
    change: tuple[str, str], words: str
) -> None:
    found = refusal(letter(event=calendar("REQUEST", change)).as_bytes())
    assert found is not None
    assert words in found


@pytest.mark.parametrize(
    ("header", "body"), [("CANCEL", "REQUEST"), ("REQUEST", "CANCEL"), ("", "REQUEST")]
)
def test_the_method_is_the_same_outside_and_inside(header: str, body: str) -> None:
    found = refusal(letter(event=calendar(body), method=header).as_bytes())
    assert found is not None
    assert "METHOD" in found


def test_a_cancellation_says_so_in_its_status() -> None:
    event = calendar("CANCEL", ("STATUS:CANCELLED", "STATUS:CONFIRMED"))
    assert "STATUS" in str(refusal(letter(event=event, method="CANCEL").as_bytes()))


def test_rubbish_is_refused_and_breaks_nothing() -> None:
    for raw in (b"", b"\xff\xfe\x00", b"From: \xff\r\nTo: @@\r\nDate: x\r\n\r\n", b"\r\n\r\n"):
        assert refusal(raw) is not None
