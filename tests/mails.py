"""What is handed to the mail server, kept; where the server matters there is a real one."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from flask import Flask

from bookme.mail import smtp
from tests.mail_server import Inbox, serving


class Sent:
    """One message, as its reader gets it."""

    def __init__(self, made: EmailMessage) -> None:
        self.made = made
        self.to = [made["To"].addresses[0].addr_spec]
        self.subject = str(made["Subject"])

    @property
    def body(self) -> str:
        part = self.made.get_body(("plain",))
        assert part is not None
        return str(part.get_content())


class KeptMail:
    """Takes the place of the mail server."""

    def __init__(self) -> None:
        self.messages: list[Sent] = []

    def __call__(self, made: EmailMessage) -> None:
        self.messages.append(Sent(made))


def sent(app: Flask) -> list[Sent]:
    """What went out so far; the same list for as long as the application lives."""
    kept: KeptMail = app.extensions["mail"]
    return kept.messages


@contextmanager
def real_server(app: Flask) -> Iterator[Inbox]:
    """Mail goes to a server of this machine."""
    inbox = Inbox()
    with serving(inbox) as port:
        app.extensions["mail"] = smtp.deliver
        app.config.update(
            MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_USE_SSL=False, MAIL_USERNAME=None
        )
        yield inbox
