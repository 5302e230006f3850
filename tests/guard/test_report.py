"""Telling the operator of a page that misleads."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme import keeping
from bookme.extensions import db
from bookme.jobs.messages.account import send_email
from bookme.models import Email, Report, ReportKind
from bookme.report import service
from tests import factories
from tests.factories import NOW
from tests.public.pages import link, text

FORM = {"page": "/mara", "kind": "phishing", "words": "Asks for my bank card.", "email": ""}


def test_a_hosts_pages_lead_to_the_form(client: FlaskClient) -> None:
    factories.schedule()
    for path in ("/mara", "/mara/intro"):
        address = link(client.get(path), "Report this page")
        assert f'value="{path}"' in client.get(address).text
    assert "Report this page" not in client.get("/").text


def test_a_report_is_kept_sealed_and_sent_to_the_operator(app: Flask, client: FlaskClient) -> None:
    host = factories.host()
    sent = client.post("/report", data=FORM | {"email": "Vic@example.com"})
    assert sent.status_code == 303
    report = db.session.scalars(sa.select(Report)).one()
    assert (report.host_id, report.kind, report.page) == (host.id, ReportKind.PHISHING, "/mara")
    assert b"bank" not in report.said_sealed
    assert service.said(report) == ("Asks for my bank card.", "vic@example.com")
    email = db.session.scalars(sa.select(Email)).one()
    send_email(email.id)
    (message,) = app.extensions["mail"].messages
    assert message.to == [app.config["SUPPORT_EMAIL"]]
    assert message.made["Reply-To"] == "vic@example.com"
    assert "Asks for my bank card." in message.body
    assert "bookme hosts show mara" in message.body


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": ""},
        {"page": "https://elsewhere.example/mara"},
        {"page": "//[x"},
        {"page": "/" + "a" * 400},
        {"kind": "none"},
        {"kind": ""},
        {"words": "x" * 2001},
        {"email": "no address"},
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_lost(client: FlaskClient, wrong: dict[str, str]) -> None:
    answer = client.post("/report", data=FORM | wrong)
    assert answer.status_code == 422
    if "words" not in wrong:
        assert "Asks for my bank card." in text(answer)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0


def test_the_whole_address_of_a_page_will_do(client: FlaskClient) -> None:
    assert client.post("/report", data=FORM | {"page": "http://localhost/mara"}).status_code == 303
    assert db.session.scalars(sa.select(Report.page)).one() == "/mara"


def test_reports_are_limited_and_pruned(client: FlaskClient) -> None:
    statuses = [client.post("/report", data=FORM).status_code for _ in range(7)]
    assert statuses == [303] * 5 + [429] * 2
    keeping.forget_old(NOW + service.KEPT)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0
