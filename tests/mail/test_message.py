"""Messages as they arrive, and what a mail server's answers become."""

import asyncio
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from bookme import create_app
from bookme.errors import ProviderError, ProviderUnavailable, Rejected
from bookme.mail import message as mail
from bookme.mail.message import Invitation, Message, Person, Words
from tests.conftest import settings
from tests.mail_server import Inbox, serving
from tests.wire import shown

FILE = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
WORDS = Words("Grüße – hello", "Größe: " + "x" * 1200 + "\n.\n", "<p>Größe</p>" * 120)
ANA = Person("Ana Costa", "ana@example.com")


def message(**changes: Any) -> Message:
    defaults: dict[str, Any] = {
        "key": "ref.1.booked.booker",
        "to": ANA,
        "words": WORDS,
        "reply_to": Person("Mara", "mara@example.com"),
        "invitation": Invitation("REQUEST", FILE),
    }
    return Message(**(defaults | changes))


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@contextmanager
def app_for(port: int, folder: Path, **changes: Any) -> Iterator[Flask]:
    """An application whose mail goes to a port of this machine."""
    smtp = {"MAIL_DELIVERY": None, "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port}
    smtp |= {"MAIL_USE_SSL": False, "MAIL_USERNAME": None}
    app = create_app(settings("sqlite://", folder) | smtp | changes)
    with app.app_context():
        yield app


@pytest.fixture
def smtp(inbox: Inbox, tmp_path: Path) -> Iterator[Flask]:
    """An application with a real mail server."""
    with serving(inbox) as port, app_for(port, tmp_path) as app:
        yield app


def test_a_message_arrives_whole(smtp: Flask, inbox: Inbox) -> None:
    mail.send(message())
    (got,) = inbox.messages
    assert got["Message-ID"] == "<ref.1.booked.booker@localhost>"
    assert got["From"] == "BookMe <bookme@localhost>"
    assert got["To"] == "Ana Costa <ana@example.com>"
    assert got["Reply-To"] == "Mara <mara@example.com>"
    assert got["Subject"] == WORDS.subject
    assert got["Auto-Submitted"] == "auto-generated"
    assert abs(got["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)
    plain, html = got.get_body(("plain",)), got.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == WORDS.text
    assert html.get_content().strip() == WORDS.html


def test_the_invitation_comes_as_an_alternative_and_as_a_file(smtp: Flask, inbox: Inbox) -> None:
    mail.send(message())
    (got,) = inbox.messages
    assert got.get_content_type() == "multipart/mixed"
    alternative, attachment = got.iter_parts()
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    calendar = list(alternative.iter_parts())[-1]
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_param("charset") == "utf-8"
    assert calendar.get_payload(decode=True) == FILE
    assert attachment.get_filename() == "appointment.ics"
    assert attachment.get_payload(decode=True) == FILE


def test_any_server_can_pass_it_on(smtp: Flask, inbox: Inbox) -> None:
    mail.send(message())
    (raw,) = inbox.raw
    assert raw.isascii()
    assert max(len(line) for line in raw.splitlines()) <= 998


@pytest.mark.parametrize(
    "subject",
    [
        "x" * 1200,
        "👩‍👩‍👧" * 200,
        "words " * 300 + "end",
        "a  b",
        "é" * 500,
        "میرزا‌علی " * 50 + "x",
        "=",
    ],
)
def test_a_subject_of_any_length_arrives_as_it_was(smtp: Flask, inbox: Inbox, subject: str) -> None:
    mail.send(message(words=Words(subject, "text", "<p>text</p>")))
    written = message_from_bytes(inbox.raw[0])["Subject"]
    unfolded = written if "=?" in written else re.sub(r"\r?\n(?=[ \t])", "", written)
    assert str(make_header(decode_header(unfolded))) == subject
    head = inbox.raw[0].split(b"\r\n\r\n")[0]
    assert max(len(line) for line in head.split(b"\r\n")) <= 78


def test_without_invitation_and_answer(smtp: Flask, inbox: Inbox) -> None:
    mail.send(message(invitation=None, reply_to=None, to=Person("", "ana@example.com")))
    (got,) = inbox.messages
    assert got.get_content_type() == "multipart/alternative"
    assert (got["To"], got["Reply-To"]) == ("ana@example.com", None)


@pytest.mark.parametrize(
    "name",
    [
        "Ana\r\nBcc: x@evil.example",
        "A\x00n\x07a",
        "Müller, Änne",
        'Ana "the roof" Costa',
        "a@b, <c@d.example>",
        "Александра Константиновна Преображенская",
        "名前 " * 30,
        "=?utf-8?q?x?=",
        "",
    ],
)
def test_no_name_leaves_its_place(smtp: Flask, inbox: Inbox, name: str) -> None:
    person = Person(name, "ana@example.com")
    subject = re.sub(r"[\s\x00\x07]+", " ", f"{name} has booked").strip()
    words = Words(subject, "text", "<p>text</p>")
    mail.send(message(to=person, reply_to=person, words=words))
    (got,) = inbox.messages
    assert "Bcc" not in got
    for header in (got["To"], got["Reply-To"]):
        assert [one.addr_spec for one in header.addresses] == ["ana@example.com"]
    if "=?" not in name:  # which is a name pretending to be encoded
        assert got["Subject"] == words.subject
        assert display_name(inbox.raw[0]) == re.sub(r"[\s\x00\x07]+", " ", name).strip()


def display_name(raw: bytes) -> str:
    """To whom a message is, as other programs read it: Python's newer way misreads long names."""
    header = message_from_bytes(raw)["To"]
    if header.startswith("=?"):
        return str(make_header(decode_header(header))).rpartition(" <")[0]
    return parseaddr(header)[0]


def test_a_domain_that_is_not_ascii_is_reached(smtp: Flask, inbox: Inbox) -> None:
    mail.send(message(to=Person("", "ana@münchen.example")))
    assert inbox.messages[0]["To"] == "ana@xn--mnchen-3ya.example"


@pytest.mark.parametrize("email", ["änne@example.com", "ana", "a b@example.com", "ana@" + "x" * 70])
def test_an_address_that_cannot_be_reached_is_refused_for_good(
    smtp: Flask, inbox: Inbox, email: str
) -> None:
    with pytest.raises(Rejected) as caught:
        mail.send(message(to=Person("", email)))
    assert email not in shown(caught.value)
    assert inbox.messages == []


def test_nobody_to_answer_to_is_no_reason_to_say_nothing(smtp: Flask, inbox: Inbox) -> None:
    mail.send(message(reply_to=Person("Änne", "änne@example.com")))
    assert "Reply-To" not in inbox.messages[0]


def test_a_sender_that_is_no_address_is_the_operators_to_mend(smtp: Flask) -> None:
    smtp.config["MAIL_DEFAULT_SENDER"] = "BookMe <bookme@>"
    with pytest.raises(ProviderUnavailable) as caught:
        mail.send(message())
    assert caught.value.sent is False


@pytest.mark.parametrize(
    ("stage", "answer", "kind", "detail"),
    [
        ("RCPT", "550 5.1.1 no such user ana@example.com", Rejected, "550"),
        ("RCPT", "450 4.2.0 greylisted ana@example.com", ProviderUnavailable, "450"),
        ("DATA", "554 5.7.1 spam", Rejected, "554"),
        ("DATA", "451 4.3.0 later", ProviderUnavailable, "451"),
        ("MAIL", "550 5.7.1 you may not send", ProviderUnavailable, "550"),
        ("MAIL", "421 4.3.2 closing", ProviderUnavailable, "421"),
    ],
)
def test_a_refusal_is_an_answer(
    smtp: Flask, inbox: Inbox, stage: str, answer: str, kind: type[ProviderError], detail: str
) -> None:
    inbox.answers[stage] = answer
    with pytest.raises(kind) as caught:
        mail.send(message())
    assert (caught.value.provider, caught.value.detail) == ("smtp", detail)
    assert caught.value.sent is False
    assert "ana@example.com" not in shown(caught.value)


def test_no_server_is_no_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with app_for(port, tmp_path), pytest.raises(ProviderUnavailable) as caught:
        mail.send(message())
    assert caught.value.sent is False


def test_a_server_that_says_nothing_is_left_behind(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        app_for(silent.getsockname()[1], tmp_path, MAIL_DEADLINE=0.2),
        pytest.raises(ProviderUnavailable) as caught,
    ):
        mail.send(message())
    assert caught.value.sent is False


def test_silence_after_the_message_leaves_it_open_whether_it_was_taken(
    inbox: Inbox, tmp_path: Path
) -> None:
    inbox.hang()
    with serving(inbox) as port, app_for(port, tmp_path, MAIL_DEADLINE=0.5):
        try:
            with pytest.raises(ProviderUnavailable) as caught:
                mail.send(message())
        finally:
            inbox.go_on()
    assert caught.value.sent is True


def test_a_connection_cut_after_the_message_leaves_it_open_as_well(
    inbox: Inbox, tmp_path: Path
) -> None:
    class Cutting(Inbox):
        async def handle_DATA(  # noqa: N802
            self, server: SMTP, session: Session, envelope: Envelope
        ) -> str:
            assert server.transport is not None
            server.transport.abort()
            return "250 OK"

    with (
        serving(Cutting()) as port,
        app_for(port, tmp_path),
        pytest.raises(ProviderUnavailable) as caught,
    ):
        mail.send(message())
    assert caught.value.sent is True


def test_a_rude_farewell_changes_nothing(tmp_path: Path) -> None:
    class Rude(Inbox):
        async def handle_QUIT(  # noqa: N802
            self, server: SMTP, session: Session, envelope: Envelope
        ) -> str:
            return "554 good riddance"

    inbox = Rude()
    with serving(inbox) as port, app_for(port, tmp_path):
        mail.send(message())
    assert len(inbox.messages) == 1


def test_a_farewell_that_is_not_answered_changes_nothing(tmp_path: Path) -> None:
    class Mute(Inbox):
        async def handle_QUIT(  # noqa: N802
            self, server: SMTP, session: Session, envelope: Envelope
        ) -> str:
            await asyncio.Event().wait()
            return "221 never said"

    inbox = Mute()
    with serving(inbox) as port, app_for(port, tmp_path, MAIL_DEADLINE=1.0):
        mail.send(message())
    assert len(inbox.messages) == 1


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's TLS with a certificate that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    no_password = serialization.NoEncryption()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password
    )
    signed = builder.sign(key, hashes.SHA256())
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_what_the_server_can_encrypt_is_encrypted(
    inbox: Inbox, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    with serving(inbox, tls_context=tls) as port, app_for(port, tmp_path):
        mail.send(message())
    assert inbox.encrypted == [True]


def test_a_password_is_told_to_nobody_unknown(
    inbox: Inbox, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    seen: list[Any] = []

    def authenticate(*args: Any) -> AuthResult:
        seen.append(args)
        return AuthResult(success=True)

    account = {"MAIL_USERNAME": "bookme", "MAIL_PASSWORD": "secret"}
    with (
        serving(inbox, tls_context=tls, authenticator=authenticate) as port,
        app_for(port, tmp_path, **account),
        pytest.raises(ProviderUnavailable) as caught,
    ):
        mail.send(message())
    assert (seen, caught.value.sent) == ([], False)
    assert "secret" not in shown(caught.value)


def test_more_than_one_empty_line_is_one(app: Flask) -> None:
    context = {"support": "support@localhost", "link": "https://x", "good_for": timedelta(days=3)}
    context["unconfirmed_for"] = timedelta(days=30)
    words = mail.render("confirm_email", context)
    assert "\n\n\n" not in words.text
    assert words.text.endswith("\n")
    assert "\n" not in words.subject
