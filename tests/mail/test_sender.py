"""The operator's address, as typed into MAIL_FROM."""

from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from bookme import config
from bookme.bookings.messages.ics import calendar_file
from bookme.mail import message, sender
from bookme.mail.message import Message, Person, Words
from tests import factories, mails
from tests.conftest import NOW

ADDRESS = "Hello.World+x@Example.COM"


@pytest.mark.parametrize(
    ("typed", "name", "address"),
    [
        (ADDRESS, "", ADDRESS),
        (f"<{ADDRESS}>", "", ADDRESS),
        (f"BookMe <{ADDRESS}>", "BookMe", ADDRESS),
        (f'"Book, Me" <{ADDRESS}>', "Book, Me", ADDRESS),
        (f"Book, Me <{ADDRESS}>", "Book, Me", ADDRESS),
        (f"Team; Sales: Ana & Bo (Lisbon) <{ADDRESS}>", "Team; Sales: Ana & Bo (Lisbon)", ADDRESS),
        (f"Node.js <{ADDRESS}>", "Node.js", ADDRESS),
        (f"Ana @ Work <{ADDRESS}>", "Ana @ Work", ADDRESS),
        (f'"The \\"Roof\\"" <{ADDRESS}>', 'The "Roof"', ADDRESS),
        (f'The "Roof" <{ADDRESS}>', 'The "Roof"', ADDRESS),
        (f"Müller 👩‍👩‍👧 <{ADDRESS}>", "Müller 👩‍👩‍👧", ADDRESS),
        (f"=?utf-8?q?M=C3=BCller?= <{ADDRESS}>", "Müller", ADDRESS),
        ('X <"john smith"@b.com>', "X", '"john smith"@b.com'),
        ("X <a@[127.0.0.1]>", "X", "a@[127.0.0.1]"),
        ("X <a@localhost>", "X", "a@localhost"),
        ("X <a@münchen.example>", "X", "a@xn--mnchen-3ya.example"),
    ],
)
def test_name_and_address_stay_as_they_were_typed(typed: str, name: str, address: str) -> None:
    assert sender.parse(typed) == (name, address)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("nobody", "must be an e-mail address"),
        ("BookMe <hello@>", "must be an e-mail address"),
        ("<>", "must be an e-mail address"),
        ("BookMe hello@example.com", "must be one e-mail address"),
        ("a@example.com, b@example.com", "must be one e-mail address"),
        ("X <a@example.com>, Y <b@example.com>", "must be"),
        ("X <a@example.com", "must be"),
        ("a..b@example.com", "must be one e-mail address"),
        ("müller@example.com", "before the @"),
        ("a@exa mple.com", "domain"),
        ("a@-x.com", "domain"),
        ("a@" + "x" * 64 + ".com", "domain"),
        ("a@" + "x.y" * 90, "at most 254"),
        ("BookMe <a@example.com>\nBcc: x@example.com", "on one line"),
    ],
)
def test_what_cannot_be_an_address_is_named_at_start(typed: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match="MAIL_FROM must") as caught:
        config.load({"STATE_DIR": str(tmp_path), "MAIL_FROM": typed})
    assert why in str(caught.value)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    with suppress(ValueError):
        _, address = sender.parse(typed)
        assert address.isascii()
        assert "@" in address


@pytest.mark.parametrize("name", ["BookMe", "Book, Me", "Müller & Söhne", 'The "Roof"', ""])
def test_mail_and_calendar_files_come_from_it(app: Flask, name: str) -> None:
    app.config["MAIL_DEFAULT_SENDER"] = f"{name} <{ADDRESS}>"
    message.send(Message(key="k", to=Person("", "ana@example.com"), words=Words("s", "t", "<p>t")))
    (sent,) = mails.sent(app)
    made = sent.made["From"].addresses[0]
    assert (made.display_name, made.addr_spec) == (name, ADDRESS)
    assert parseaddr(str(sent.made["From"]))[1] == ADDRESS
    booking = factories.booking()
    file = calendar_file(booking, reader=booking.booker, method="REQUEST", now=NOW)
    assert f"mailto:{ADDRESS}" in file.decode().replace("\r\n ", "")
