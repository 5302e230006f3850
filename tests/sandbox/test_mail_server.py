"""The mail server on a real wire, and the mailbox that shows what came."""

import smtplib
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.sandbox.letters import HTML, calendar, letter
from tests.sandbox_process import SandboxProcess


def send(process: SandboxProcess, to: str = "ana@example.net", **letters: str) -> None:
    with smtplib.SMTP("localhost", process.smtp_port, timeout=10) as smtp:
        smtp.send_message(letter(to, **letters))


def test_a_message_arrives_whole(process: SandboxProcess) -> None:
    send(process, event=calendar())
    [message] = process.mail()
    assert message["to"] == message["envelope_to"] == ["ana@example.net"]
    assert message["from"] == "BookMe <bookme@bookme.test>"
    assert message["reply_to"] == ["mara@example.com"]
    assert message["subject"] == "Booked: Intro call – Zoë"
    assert message["message_id"] == "<bk7.1.confirmation@bookme.test>"
    assert message["text"] == "Join: https://zoom.test/j/1?pwd=a.\nSee you, Zoë\n"
    assert message["html"].strip() == HTML
    [attachment] = message["attachments"]
    assert attachment["filename"] == "booking.ics"
    assert attachment["text"] == calendar()
    assert "text/calendar" in attachment["content_type"]
    assert 'method="REQUEST"' in attachment["content_type"]


def test_a_wrong_message_is_refused_and_recorded(process: SandboxProcess) -> None:
    with pytest.raises(smtplib.SMTPDataError) as caught:
        send(process, event=calendar("CANCEL"))
    assert caught.value.smtp_code == 550
    assert b"METHOD" in bytes(caught.value.smtp_error)
    assert process.mail() == []
    [refused] = requests.get(f"{process.web_url}/mail.json", timeout=10).json()["refused"]
    assert "METHOD" in refused["refusal"]


def test_the_same_message_again_is_kept_and_counted(process: SandboxProcess) -> None:
    send(process)
    send(process)
    assert [one["copies"] for one in process.mail()] == [2, 2]


def test_mail_can_be_asked_for_by_recipient(process: SandboxProcess) -> None:
    send(process, "ana@example.net")
    send(process, "bo@example.org")
    assert [one["to"] for one in process.mail("BO@")] == [["bo@example.org"]]
    assert len(process.mail()) == 2


def test_the_server_can_refuse_connections_and_come_back(process: SandboxProcess) -> None:
    process.control("settings", {"mail": "refuse"})
    with pytest.raises(ConnectionRefusedError):
        send(process)
    process.control("settings", {"mail": "up"})
    send(process)
    assert len(process.mail()) == 1


def test_the_server_can_ask_for_patience(process: SandboxProcess) -> None:
    process.control("settings", {"mail": "defer"})
    with pytest.raises(smtplib.SMTPSenderRefused) as caught:
        send(process)
    assert caught.value.smtp_code == 451
    assert process.mail() == []


def test_the_server_can_take_a_message_and_hang_up(process: SandboxProcess) -> None:
    process.control("settings", {"mail": "cut"})
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(process)
    assert len(process.mail()) == 1


def test_the_server_can_know_nobody_of_a_name(process: SandboxProcess) -> None:
    process.control("settings", {"refused_recipients": ["ana@example.net"]})
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(process)
    send(process, "bo@example.org")
    assert len(process.mail()) == 1


def test_many_messages_at_once_all_arrive(process: SandboxProcess) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda number: send(process, f"a{number}@example.net"), range(40)))
    assert len({one["to"][0] for one in process.mail()}) == 40
