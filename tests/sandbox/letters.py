"""Messages as BookMe should send them, to be spoilt by tests."""

from email.message import EmailMessage
from email.policy import SMTP

EVENT = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//BookMe//EN
METHOD:{method}
BEGIN:VEVENT
UID:bk7@bookme.test
DTSTAMP:20270301T080000Z
DTSTART:20270308T150000Z
DTEND:20270308T153000Z
SUMMARY:Intro call
ORGANIZER;CN=Mara:mailto:bookme@bookme.test
ATTENDEE:mailto:Ana@example.net
SEQUENCE:0
STATUS:{status}
END:VEVENT
END:VCALENDAR
"""
HTML = '<p style="color: green">Join <a href="https://zoom.test/j/1">the call</a></p>'


def calendar(method: str = "REQUEST", *changes: tuple[str, str]) -> str:
    """An attachment's body, some text replaced."""
    text = EVENT.format(
        method=method, status="CANCELLED" if method == "CANCEL" else "CONFIRMED"
    ).replace("\n", "\r\n")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def letter(
    to: str = "ana@example.net", event: str | None = None, method: str = "REQUEST"
) -> EmailMessage:
    """A confirmation with both bodies and perhaps a calendar attachment."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = "<bk7.1.confirmation@bookme.test>"
    message["Date"] = "Mon, 01 Mar 2027 08:00:00 +0000"
    message["From"] = "BookMe <bookme@bookme.test>"
    message["To"] = to
    message["Reply-To"] = "mara@example.com"
    message["Subject"] = "Booked: Intro call – Zoë"
    message.set_content("Join: https://zoom.test/j/1?pwd=a.\nSee you, Zoë\n")
    message.add_alternative(HTML, subtype="html")
    if event is not None:
        message.add_attachment(event.encode(), "text", "calendar", filename="booking.ics")
        [part] = message.iter_attachments()
        part.set_param("method", method)
        part.set_param("charset", "utf-8")
    return message
