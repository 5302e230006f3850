"""Handing a message to the mail server, over Flask-Mailman, in bounded time.

``smtplib`` limits each answer, not the whole, and name resolution not at all. So each delivery runs
in a daemon thread, which is left behind when its time is over; nothing of smtplib comes out of it.
"""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

from flask import Flask, current_app
from flask_mailman import EmailMultiAlternatives
from flask_mailman.backends.smtp import EmailBackend

from bookme.errors import ProviderError, ProviderUnavailable, Rejected
from bookme.extensions import mail

#: Seconds for a whole delivery, from looking up the server's name to its last answer, unless the
#: application's ``MAIL_DEADLINE`` says otherwise.
DEADLINE = 15.0
#: What errors call the mail server.
SERVER = "smtp"


def deliver(made: EmailMessage, *, subject: str, text: str, html: str) -> None:
    """Hand a composed message to the mail server.

    :raises Rejected: if the server refuses the reader or the message for good.
    :raises ProviderUnavailable: if it may work later; ``error.sent`` says whether the message may
        have been accepted all the same.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    delivery = _Delivery(app, _Form(made, subject, text, html))
    delivery.start()
    delivery.join(app.config.get("MAIL_DEADLINE", DEADLINE))
    # Raised here, outside any except block: a chained exception of smtplib would show addresses.
    failure = delivery.abandon()
    if failure is not None:
        raise failure


class _Form(EmailMultiAlternatives):
    """A composed message in the form that Flask-Mailman's backends take."""

    def __init__(self, made: EmailMessage, subject: str, text: str, html: str) -> None:
        sender, reader = (made[name].addresses[0].addr_spec for name in ("From", "To"))
        alternatives = [(html, "text/html")]
        super().__init__(subject, text, sender, [reader], alternatives=alternatives)
        self.made = made

    def message(self) -> "_Form":
        return self

    def as_bytes(self, linesep: str = "\r\n") -> bytes:
        return self.made.as_bytes()  # its policy says how lines end


class _Encrypting(EmailBackend):
    """SMTP that encrypts where the server offers it."""

    connection: smtplib.SMTP | None

    def open(self) -> bool:
        if self.connection:
            return False
        context = {"context": self.ssl_context} if self.use_ssl else {}
        server = self.connection_class(self.host, self.port, timeout=self.timeout, **context)
        self.connection = server
        server.ehlo_or_helo_if_needed()
        if not self.use_ssl and server.has_extn("starttls"):
            server.starttls(context=tls(strict=bool(self.username)))
        if self.username and self.password:
            server.login(self.username, self.password)
        return True


def tls(*, strict: bool) -> ssl.SSLContext:
    """How mail is encrypted.

    :param strict: whether the server must prove who it is.
    """
    context = ssl.create_default_context()
    if not strict:  # without a password to lose, any encryption is better than none
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class _Delivery(threading.Thread):
    """The thread that talks to the mail server."""

    def __init__(self, app: Flask, form: _Form) -> None:
        super().__init__(name="mail delivery", daemon=True)
        self._app, self._form = app, form
        self._lock = threading.Lock()
        self._abandoned = self._handed_over = self._accepted = False
        self._outcome: BaseException | None = None
        self._backend: Any = None

    def run(self) -> None:
        try:
            with self._app.app_context():
                self._deliver()
        except BaseException as error:  # raised again, or translated, in the caller's thread
            self._outcome = error

    def _deliver(self) -> None:
        kind = current_app.extensions["mailman"].backend
        self._backend = mail.get_connection(_Encrypting if kind == "smtp" else None)
        try:
            self._backend.open()
            with self._lock:
                if self._abandoned:
                    return
                self._handed_over = True
            self._backend.send_messages([self._form])
            self._accepted = True
        finally:
            with suppress(OSError, smtplib.SMTPException):
                self._backend.close()

    def abandon(self) -> BaseException | None:
        """Leave the thread behind if it is still at it; return what went wrong, if anything."""
        with self._lock:
            self._abandoned = True
            if self._accepted:
                return None  # whatever the server said to the farewell
            if self._outcome is not None:
                return _failure(self._outcome, sent=self._handed_over)
            _shut(self._backend)
            return ProviderUnavailable(SERVER, "no answer in time", sent=self._handed_over)


def _failure(error: BaseException, *, sent: bool) -> BaseException:
    if not isinstance(error, (OSError, smtplib.SMTPException)):
        return error
    code = _code(error)
    if code is None:
        return ProviderUnavailable(SERVER, f"no answer: {type(error).__name__}", sent=sent)
    about_message = isinstance(error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError))
    # Refusing us, or our sender, is a matter for the operator, who may mend it.
    kind: type[ProviderError] = Rejected if about_message and code >= 500 else ProviderUnavailable
    return kind(SERVER, str(code), code=code)


def _code(error: BaseException) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _shut(backend: Any) -> None:
    connection = getattr(getattr(backend, "connection", None), "sock", None)
    if connection is not None:
        with suppress(OSError):  # past the TLS layer, whose shutdown may not run beside a read
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
