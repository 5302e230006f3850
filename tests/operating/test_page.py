"""The operator's page: for whom it is there, what it says, and what can be done on it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Flood, Heartbeat, Operator, OperatorAct, Report, ReportKind, User
from bookme.report import service as reports
from tests import factories
from tests.accounts import factor_steps as factors
from tests.factories import NOW, PASSWORD
from tests.public.pages import text

AsHost = Callable[..., FlaskClient]


def run(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=("operators", *words))
    assert result.exit_code == 0, result.output
    return str(result.output)


@pytest.fixture
def noor(app: Flask) -> User:
    """Somebody whose page is reported."""
    made: User = factories.host(handle="noor", email="noor@example.com", name="Noor Haddad")
    factories.schedule(host=made)
    return made


@pytest.fixture
def operator(app: Flask, host: User, as_host: AsHost) -> FlaskClient:
    """Mara's browser, once she is an operator."""
    run(app, "add", "mara")
    return as_host(host)


@pytest.fixture
def report(app: Flask, noor: User) -> Report:
    made, _ = reports.add(
        "/noor/intro",
        ReportKind.PHISHING,
        words="It asks for my bank card.",
        email="bo@example.com",
        now=NOW,
    )
    db.session.commit()
    return made


def prove(browser: FlaskClient, then: str) -> None:
    """Show by the password who is there."""
    asked = browser.get(then)
    assert asked.status_code == 303
    assert asked.location.startswith("/account/confirm-identity")
    done = browser.post(asked.location, data={"password": PASSWORD})
    assert done.status_code == 303, text(done)


def rules(app: Flask) -> list[tuple[str, str]]:
    """Every (method, path) of the operator's pages."""
    found = [one for one in app.url_map.iter_rules() if one.rule.startswith("/operator")]
    return [
        (method, rule.rule.replace("<int:report_id>", "1").replace("<int:host_id>", "1"))
        for rule in found
        for method in (rule.methods or set()) & {"GET", "POST"}
    ]


def test_for_everybody_else_there_is_nothing(
    app: Flask, client: FlaskClient, host: User, report: Report, as_host: AsHost
) -> None:
    assert len(rules(app)) > 4
    nothing = client.get("/nobody/nothing")
    for browser in (client, as_host(host)):
        for method, path in rules(app):
            answer = browser.open(path, method=method)
            assert answer.status_code == 404, (method, path)
        assert text(browser.get("/operator")) == text(browser.get("/operator/nothing"))
    assert nothing.status_code == 404
    assert db.session.scalars(sa.select(Report.closed_at)).one() is None


def test_who_is_made_an_operator_sees_it_until_they_are_none_any_more(
    app: Flask, host: User, as_host: AsHost
) -> None:
    browser = as_host(host)
    assert "mara is an operator." in run(app, "add", "MARA@example.com")
    assert "without a second factor" in run(app, "list")
    assert browser.get("/operator").status_code == 200
    assert "was one before" in run(app, "add", "mara")
    assert run(app, "remove", "mara") == "mara is no operator any more.\n"
    assert browser.get("/operator").status_code == 404
    assert run(app, "remove", "mara") == "mara was none.\n"
    assert run(app, "list") == ""
    noted = sa.select(OperatorAct.command, OperatorAct.outcome).order_by(OperatorAct.id)
    assert [tuple(row) for row in db.session.execute(noted)] == [
        ("operators add", "done"),
        ("operators add", "nothing"),
        ("operators remove", "done"),
        ("operators remove", "nothing"),
    ]


def test_the_menu_leads_operators_there_and_nobody_else(
    app: Flask, operator: FlaskClient, noor: User, as_host: AsHost
) -> None:
    def menu(browser: FlaskClient, path: str) -> dict[str, str | None]:
        page = BeautifulSoup(browser.get(path).text, "html.parser")
        links = page.select("#menu a")
        return {str(one["href"]): str(one.get("aria-current", "")) for one in links}

    assert menu(operator, "/dashboard")["/operator"] == ""
    assert menu(operator, "/operator")["/operator"] == "page"
    for path in ("/dashboard", "/account"):
        assert "/operator" not in menu(as_host(noor), path)
    run(app, "remove", "mara")
    assert "/operator" not in menu(operator, "/dashboard")


def test_an_unconfirmed_host_is_made_no_operator(app: Flask) -> None:
    factories.host(email_confirmed_at=None)
    result = app.test_cli_runner().invoke(args=("operators", "add", "mara"))
    assert result.exit_code == 1
    assert db.session.scalars(sa.select(Operator)).all() == []


def test_a_quiet_day_says_so(app: Flask, operator: FlaskClient) -> None:
    for kind in ("worker", "sweep"):
        db.session.add(Heartbeat(name=kind, kind=kind, at=NOW))
    db.session.commit()
    page = text(operator.get("/operator"))
    assert "Redis does not answer" in page
    assert "Nothing is late." in page
    assert "No report is open." in page
    assert "Set up a second factor" in page


def test_an_act_needs_a_proof(operator: FlaskClient, report: Report) -> None:
    path = f"/operator/reports/{report.id}"
    assert "/noor/intro" in text(operator.get("/operator"))
    for method, address in (
        ("GET", path),
        ("POST", f"{path}/close"),
        ("GET", f"/operator/hosts/{report.host_id}/pause"),
        ("POST", f"/operator/hosts/{report.host_id}/pause"),
        ("POST", f"/operator/hosts/{report.host_id}/resume"),
    ):
        answer = operator.open(address, method=method)
        assert answer.location.startswith("/account/confirm-identity"), address
    db.session.expire_all()
    assert report.closed_at is None
    prove(operator, path)
    page = text(operator.get(path))
    assert "It asks for my bank card." in page
    assert "bo@example.com" in page


def test_who_has_a_second_factor_shows_that(
    app: Flask, host: User, report: Report, operator: FlaskClient
) -> None:
    operator.post("/account/confirm-identity", data={"password": PASSWORD})
    secret = factors.begin_app(operator)
    operator.post(f"{factors.HOME}/app", data={"code": factors.code(secret)})
    assert "Set up a second factor" not in text(operator.get("/operator"))
    host.sessions[0].proven_at = NOW - timedelta(hours=1)
    db.session.commit()
    asked = operator.get(f"/operator/reports/{report.id}")
    assert "code" in operator.get(asked.location).text
    assert operator.post(asked.location, data={"password": PASSWORD}).status_code == 422
    assert "with a second factor" in run(app, "list")


def test_a_host_is_paused_and_a_report_closed_and_both_are_noted(
    host: User, noor: User, report: Report, operator: FlaskClient, client: FlaskClient
) -> None:
    page = f"/operator/hosts/{noor.id}/pause"
    prove(operator, page)
    assert "Pause /noor?" in text(operator.get(page))
    assert client.get("/noor").status_code == 200
    assert operator.post(page).status_code == 303
    assert client.get("/noor").status_code == 404
    assert "The host’s pages are down." in text(operator.get(f"/operator/reports/{report.id}"))
    assert operator.post(f"/operator/hosts/{noor.id}/resume").status_code == 303
    assert client.get("/noor").status_code == 200
    for _ in range(2):
        assert operator.post(f"/operator/reports/{report.id}/close").status_code == 303
    shown = text(operator.get("/operator"))
    assert "The report is closed." in shown
    assert "/noor/intro" not in shown
    acts = db.session.scalars(
        sa.select(OperatorAct).where(OperatorAct.by_id == host.id).order_by(OperatorAct.id)
    ).all()
    assert [(one.command, one.host_id, one.about, one.who, one.outcome) for one in acts] == [
        ("hosts pause", noor.id, "", "", "done"),
        ("hosts resume", noor.id, "", "", "done"),
        ("close report", None, f"report {report.id}", "", "done"),
        ("close report", None, f"report {report.id}", "", "nothing"),
    ]


def test_what_isnt_there_is_a_404(operator: FlaskClient) -> None:
    operator.post("/account/confirm-identity", data={"password": PASSWORD})
    for path in ("/operator/reports/9", "/operator/hosts/99/pause"):
        assert operator.get(path).status_code == 404
        assert operator.post(path).status_code in (404, 405)


def test_a_flooded_host_is_named_with_a_way_to_pause_them(
    operator: FlaskClient, noor: User
) -> None:
    db.session.add(Flood(host_id=noor.id, began_at=NOW, last_at=NOW))
    db.session.commit()
    page = operator.get("/operator")
    assert "1 host gets far more bookings than usual." in text(page)
    assert f"/operator/hosts/{noor.id}/pause" in page.text


def test_nothing_of_bookers_is_shown(operator: FlaskClient, host: User) -> None:
    factories.booking(schedule=factories.schedule(host=host), due_at=NOW - timedelta(hours=1))
    page = operator.get("/operator")
    assert "1 booking has been due since 2027-03-01 07:00 UTC." in text(page)
    assert "Ana" not in page.text
    assert "ana@" not in page.text


def test_the_page_is_there_while_redis_and_a_column_are_not(operator: FlaskClient) -> None:
    """Whatever is broken, it says so rather than break too."""
    db.session.execute(sa.text("ALTER TABLE alarm RENAME TO mislaid"))
    db.session.commit()
    try:
        page = operator.get("/operator")
    finally:
        db.session.rollback()
        db.session.execute(sa.text("ALTER TABLE mislaid RENAME TO alarm"))
        db.session.commit()
    assert page.status_code == 200
    assert "Redis does not answer" in text(page)
