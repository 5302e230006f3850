"""Handing a message to the mail server, in bounded time."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

from flask import current_app

from bookme.deadline import Exchange, what_failed
from bookme.errors import ProviderError, ProviderUnavailable, Rejected

#: Seconds for a whole delivery, from looking up the server's name to its last answer, unless the
#: application's ``MAIL_DEADLINE`` says otherwise.
DEADLINE = 15.0
#: Seconds for each of the server's answers.
PATIENCE = 10.0
#: What errors call the mail server.
SERVER = "smtp"


def deliver(made: EmailMessage) -> None:
    """Hand a composed message to the mail server.

    :raises Rejected: if the server refuses the reader or the message for good.
    :raises ProviderUnavailable: if it may work later; ``error.sent`` says whether the message may
        have been accepted all the same.
    """
    settings = dict(current_app.config)
    exchange = Exchange("mail delivery", lambda own: _hand_over(own, made, settings))
    outcome = exchange.within(settings.get("MAIL_DEADLINE", DEADLINE))
    # Raised here, outside any except block: a chained exception of smtplib would show addresses.
    if outcome is None:
        raise ProviderUnavailable(SERVER, "no answer in time", sent=exchange.sent)
    if isinstance(outcome, BaseException):
        raise _failure(outcome, sent=exchange.sent)


def connect(
    settings: Mapping[str, Any],
    *,
    timeout: float,
    opened: Callable[[socket.socket | None], None] = lambda _: None,
) -> smtplib.SMTP:
    """A connection to the mail server, encrypted where it can be, and signed in if it must be.

    :param timeout: seconds for each answer.
    :param opened: is told of the socket, and again when it is encrypted.
    """
    host, port = settings["MAIL_SERVER"], settings["MAIL_PORT"]
    if settings["MAIL_USE_SSL"]:
        context = tls(strict=True)
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=timeout)
    try:
        opened(server.sock)
        server.ehlo_or_helo_if_needed()
        if not settings["MAIL_USE_SSL"] and server.has_extn("starttls"):
            server.starttls(context=tls(strict=bool(settings["MAIL_USERNAME"])))
            opened(server.sock)
        if settings["MAIL_USERNAME"] and settings["MAIL_PASSWORD"]:
            server.login(settings["MAIL_USERNAME"], settings["MAIL_PASSWORD"])
    except BaseException:
        server.close()
        raise
    return server


def tls(*, strict: bool) -> ssl.SSLContext:
    """How mail is encrypted.

    :param strict: whether the server must prove who it is.
    """
    context = ssl.create_default_context()
    if not strict:  # without a password to lose, any encryption is better than none
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _hand_over(exchange: Exchange[bool], made: EmailMessage, settings: Mapping[str, Any]) -> bool:
    exchange.step(sent=False)
    sender, reader = (made[name].addresses[0].addr_spec for name in ("From", "To"))
    server = connect(
        settings,
        timeout=PATIENCE,
        opened=lambda connection: exchange.step(sent=False, connection=connection),
    )
    try:
        exchange.step(sent=True, connection=server.sock)
        server.sendmail(sender, [reader], made.as_bytes())  # its policy says how lines end
        exchange.settle(True)  # whatever the server says to the farewell
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()
    return True


def _failure(error: BaseException, *, sent: bool) -> BaseException:
    if not isinstance(error, (OSError, smtplib.SMTPException)):
        return error
    code = _code(error)
    if code is None:
        return ProviderUnavailable(SERVER, f"no answer: {what_failed(error)}", sent=sent)
    about_message = isinstance(error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError))
    # Refusing us, or our sender, is a matter for the operator, who may mend it.
    kind: type[ProviderError] = Rejected if about_message and code >= 500 else ProviderUnavailable
    return kind(SERVER, str(code), code=code)


def _code(error: BaseException) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
