"""Whether a message is one that mail and calendar programs accept without guessing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

from sandbox.calendar_checks import check_calendar

_ONCE = ("Message-ID", "Date", "From", "To", "Subject")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_MESSAGE_ID = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")


class Refused(Exception):
    """The message is not taken. ``str()`` is why, for the SMTP answer."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the sandbox notes of a message; ``refusal`` is None if it is taken."""

    message_id: str | None
    subject: str
    refusal: str | None


def inspect(raw: bytes, recipients: Sequence[str], *, smtp_utf8: bool) -> Seen:
    """Check one message as it came.

    :param recipients: the envelope's.
    :param smtp_utf8: whether the sender asked for headers in UTF-8.
    """
    message = message_from_bytes(raw, _class=EmailMessage, policy=default)
    refusal = None
    try:
        _check_head(raw, message, smtp_utf8)
        _check_people(message, recipients)
        _check_body(message)
        for part in parts(message):
            check_part(part, recipients)
    except Refused as refused:
        refusal = str(refused)
    message_id = header(message, "Message-ID")
    return Seen(message_id or None, header(message, "Subject"), refusal)


def header(message: EmailMessage, name: str) -> str:
    """A header's text; empty if it is missing or cannot be read."""
    try:
        return str(message.get(name, "")).strip()
    except (ValueError, IndexError, AttributeError):
        return ""


def parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """A message's parts that hold something themselves."""
    for part in message.walk():
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part


def check_part(part: EmailMessage, recipients: Sequence[str]) -> None:
    """Check one part by itself.

    :raises Refused: saying what is wrong.
    """
    kind = part.get_content_type()
    content = part.get_payload(decode=True)
    if part.defects or not isinstance(content, bytes):
        raise Refused(f"A part of type {kind} is malformed")
    if kind.startswith("text/"):
        try:
            content.decode(part.get_content_charset("us-ascii"))
        except (LookupError, UnicodeDecodeError):
            raise Refused(f"A part of type {kind} is not in its charset") from None
    if kind == "text/calendar":
        method = part.get_param("method")
        try:
            check_calendar(content, method if isinstance(method, str) else None, recipients)
        except ValueError as wrong:
            raise Refused(f"Calendar part: {wrong}") from wrong


def _check_head(raw: bytes, message: EmailMessage, smtp_utf8: bool) -> None:
    if message.defects:
        raise Refused("The message is malformed")
    if not _HEAD_END.split(raw, maxsplit=1)[0].isascii() and not smtp_utf8:
        raise Refused("Headers that are not ASCII need SMTPUTF8")
    for name in _ONCE:
        if len(message.get_all(name, [])) != 1 or not header(message, name):
            raise Refused(f"{name} must stand there once")
    for name in (*_ONCE, "Reply-To", "Cc"):
        if getattr(message.get(name), "defects", ()):
            raise Refused(f"{name} is malformed")
    _check_identity(message)


def _check_identity(message: EmailMessage) -> None:
    if not _MESSAGE_ID.fullmatch(header(message, "Message-ID")):
        raise Refused("Message-ID is malformed")
    if getattr(message["Date"].datetime, "tzinfo", None) is None:
        raise Refused("Date is no date with a zone")


def _check_people(message: EmailMessage, recipients: Sequence[str]) -> None:
    senders, readers = addresses(message, "From"), addresses(message, "To", "Cc")
    if len(senders) != 1 or not all(one.domain for one in (*senders, *readers)):
        raise Refused("From is one address, and all have a domain")
    named = {one.addr_spec.casefold() for one in readers}
    if not named >= {recipient.casefold() for recipient in recipients}:
        raise Refused("A recipient stands neither in To nor in Cc")


def addresses(message: EmailMessage, *names: str) -> list[Address]:
    """The addresses of some headers."""
    return [one for name in names if name in message for one in message[name].addresses]


def _check_body(message: EmailMessage) -> None:
    """Refuse a message without both of text and HTML, the better one last (RFC 2046, 5.1.4)."""
    for part in message.walk():
        if part.is_multipart() and part.defects:
            raise Refused("A multipart is malformed")
        if part.get_content_type() == "multipart/alternative":
            kinds = [one.get_content_type() for one in part.iter_parts()]
            if kinds[:1] == ["text/plain"] and ("text/html" in kinds or _related(part)):
                return
    raise Refused("There must be a multipart/alternative with text/plain, then text/html")


def _related(part: EmailMessage) -> bool:
    return any(one.get_content_type() == "text/html" for one in part.walk())
