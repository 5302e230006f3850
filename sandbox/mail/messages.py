"""The messages that came, read for pages and tests."""

import json
import sqlite3
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from sandbox.mail.checks import addresses, header, parts

_SELECT = (
    "SELECT mail.*, (SELECT count(*) FROM mail AS same WHERE same.message_id = mail.message_id"
    " AND same.refusal IS NULL) AS copies FROM mail"
)
_TEXT = ("text/calendar", "text/plain", "text/html", "text/csv")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is for a program, not for reading.

    :ivar content_type: with its parameters, such as ``method=REQUEST``.
    :ivar text: None if it is none.
    """

    filename: str
    content_type: str
    content: bytes
    text: str | None


@dataclass(frozen=True, slots=True)
class Body:
    """What a reader sees, and what comes with it."""

    text: str
    html: str
    attachments: list[Attachment]


def parsed(raw: bytes) -> EmailMessage:
    """The message of its bytes; broken ones too."""
    return message_from_bytes(raw, _class=EmailMessage, policy=default)


def body(message: EmailMessage) -> Body:
    """Take a message apart."""
    found: dict[str, str] = {}
    attached: list[Attachment] = []
    for part in parts(message):
        kind, name = part.get_content_type(), part.get_filename()
        if kind in ("text/plain", "text/html") and name is None and kind not in found:
            found[kind] = _text(part).replace("\r\n", "\n")
        else:
            attached.append(_attachment(part, name or f"part-{len(attached) + 1}"))
    return Body(found.get("text/plain", ""), found.get("text/html", ""), attached)


def as_json(row: sqlite3.Row, copies: int) -> dict[str, Any]:
    """One message for tests."""
    message = parsed(row["raw"])
    content = body(message)
    return {
        "id": row["id"],
        "at": row["at"],
        "envelope_from": row["sender"],
        "envelope_to": json.loads(row["recipients"]),
        "from": header(message, "From"),
        "to": _specs(message, "To"),
        "reply_to": _specs(message, "Reply-To"),
        "subject": row["subject"],
        "message_id": row["message_id"],
        "date": header(message, "Date"),
        "headers": [[name, str(value)] for name, value in message.items()],
        "text": content.text,
        "html": content.html,
        "attachments": [
            {"filename": one.filename, "content_type": one.content_type, "text": one.text}
            for one in content.attachments
        ],
        "copies": copies,
        "refusal": row["refusal"],
    }


def newest(
    db: sqlite3.Connection, *, to: str = "", before: int | None = None, limit: int = -1
) -> list[sqlite3.Row]:
    """Messages, the last one first, refused ones included, with ``copies``: how often their
    Message-ID was taken.

    :param to: only those with this text among their recipients.
    :param before: only those that came before this id.
    """
    return db.execute(
        f"{_SELECT} WHERE instr(lower(recipients), lower(?)) AND id < ? ORDER BY id DESC LIMIT ?",
        (json.dumps(to)[1:-1], before or 2**62, limit),
    ).fetchall()


def find(db: sqlite3.Connection, mail_id: int) -> sqlite3.Row | None:
    """One message, as :func:`newest` gives them."""
    row: sqlite3.Row | None = db.execute(f"{_SELECT} WHERE id = ?", (mail_id,)).fetchone()
    return row


def _specs(message: EmailMessage, name: str) -> list[str]:
    try:
        return [one.addr_spec for one in addresses(message, name)]
    except (ValueError, IndexError, AttributeError):
        return []


def _attachment(part: EmailMessage, name: str) -> Attachment:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    text = _text(part) if part.get_content_type() in _TEXT else None
    return Attachment(name, str(part.get("Content-Type", "text/plain")), raw, text)


def _text(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")
