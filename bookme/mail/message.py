"""One message: its words rendered from templates, its form, and its way to the mail server.

Called by jobs only.
"""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template

from bookme.clock import utcnow
from bookme.errors import ProviderUnavailable, Rejected
from bookme.mail import sender, smtp
from bookme.mail.headers import MailPolicy
from bookme.meters import count
from bookme.typed import line

_FILE_NAME = "appointment.ics"
_NO_ADDRESS = (ValueError, IndexError, MessageError)
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to write to, or to answer to."""

    name: str = field(repr=False)
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says, from the templates of one kind."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar attachment.

    :ivar method: ``REQUEST`` or ``CANCEL``, as in the file itself (RFC 5546).
    """

    method: str
    file: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one reader.

    :ivar key: the same key gives the same Message-ID, however often the message is sent.
    :ivar unsubscribe: the address at which its reader ends messages of its kind, if there is one.
    """

    key: str
    to: Person
    words: Words
    reply_to: Person | None = None
    invitation: Invitation | None = None
    unsubscribe: str = ""


def render(kind: str, context: Mapping[str, Any]) -> Words:
    """Render ``templates/email/<kind>/``. The subject is one line, whatever its words contain."""
    subject = render_template(f"email/{kind}/subject.txt", **context)
    text = render_template(f"email/{kind}/body.txt", **context)
    return Words(
        subject=line(subject),
        text=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=render_template(f"email/{kind}/body.html", **context),
    )


def message_id(key: str) -> str:
    """The Message-ID of the message with this key (RFC 5322, 3.6.4)."""
    return f"<{key}@{urlsplit(current_app.config['PUBLIC_URL']).hostname}>"


def send(message: Message) -> None:
    """Hand a message to the mail server, within :data:`~bookme.mail.smtp.DEADLINE` seconds.

    :raises Rejected: if the server refuses the reader or the message for good.
    :raises ProviderUnavailable: if it may work later; ``error.sent`` says whether the message may
        have been accepted all the same.
    """
    began, outcome = time.perf_counter(), count.Mail.LATER
    try:
        current_app.extensions["mail"](_composed(message))
        outcome = count.Mail.ACCEPTED
    except Rejected:
        outcome = count.Mail.REFUSED
        raise
    finally:
        count.mail(outcome, time.perf_counter() - began)


def _composed(message: Message) -> EmailMessage:
    made = EmailMessage(policy=MailPolicy())
    made["From"] = _sender()
    try:
        made["To"] = _address(message.to)
    except _NO_ADDRESS:  # without its text, which shows the address
        raise Rejected(smtp.SERVER, "address") from None
    if message.reply_to is not None:
        with suppress(*_NO_ADDRESS):  # an address that cannot be used is no reason to say nothing
            made["Reply-To"] = _address(message.reply_to)
    made["Subject"] = message.words.subject
    made["Date"] = format_datetime(utcnow())
    made["Message-ID"] = message_id(message.key)
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    if message.unsubscribe:
        _offer_to_end(made, message.unsubscribe)
    made.set_content(message.words.text, cte="quoted-printable")
    made.add_alternative(message.words.html, subtype="html", cte="quoted-printable")
    if message.invitation is not None:
        _attach(made, message.invitation)
    return made


def _offer_to_end(made: EmailMessage, address: str) -> None:
    """A button of the mail program (RFC 2369), pressed without opening a page (RFC 8058)."""
    made["List-Unsubscribe"] = f"<{address}>"
    if address.startswith("https://"):  # RFC 8058, 3.1: no other will do
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _sender() -> Address:
    try:
        return _address(Person(*sender.parse(current_app.config["MAIL_DEFAULT_SENDER"])))
    except _NO_ADDRESS:  # no fault of the reader's: the operator may mend it
        raise ProviderUnavailable(smtp.SERVER, "sender's address") from None


def _address(person: Person) -> Address:
    local, _, domain = person.email.rpartition("@")
    spec = f"{local}@{domain.encode('idna').decode()}"
    spec.encode("ascii")  # a reader whose address needs more cannot be reached by every server
    return Address(line(person.name), addr_spec=spec)


def _attach(made: EmailMessage, invitation: Invitation) -> None:
    """Twice: as an alternative, where Gmail and Outlook look, and as a file, for everybody else."""
    text, method = invitation.file.decode(), {"method": invitation.method}
    made.add_alternative(text, subtype="calendar", params=method, cte="base64")
    made.add_attachment(invitation.file, maintype="application", subtype="ics", filename=_FILE_NAME)
