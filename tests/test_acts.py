"""What is noted of the operator's acts, and what stays of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from bookme import acts
from bookme.extensions import db
from bookme.jobs.closing import close_account
from bookme.models import Email, OperatorAct, User
from tests import factories
from tests.factories import NOW


def run(app: Flask, *words: str) -> str:
    result: Result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 0, result.output
    return result.output


def commands(host_id: int | None) -> list[str]:
    found = sa.select(OperatorAct.command).where(OperatorAct.host_id == host_id)
    return list(db.session.scalars(found.order_by(OperatorAct.id)))


def test_every_command_that_touches_a_host_leaves_a_line(app: Flask) -> None:
    typed = {"--email": "mara@example.com", "--name": "Mara", "--password": factories.PASSWORD}
    run(app, "create-host", *(word for pair in typed.items() for word in pair))
    host_id = db.session.scalars(sa.select(User.id)).one()
    for command in ("show", "pause", "resume", "sign-out", "remove"):
        run(app, "hosts", command, str(host_id), *(["--yes"] if command == "remove" else []))
    run(app, "hosts", "list")
    run(app, "remove-second-factor", "mara@example.com", "--yes")
    run(app, "reseal")
    assert commands(host_id) == [
        *("create-host", "hosts show", "hosts pause", "hosts resume", "hosts sign-out"),
        *("hosts remove", "remove-second-factor"),
    ]
    assert commands(None) == ["hosts list", "reseal"]
    lines = run(app, "acts").splitlines()
    assert len(lines) == 9
    assert lines[0].endswith(f"{acts.system_user()}: reseal 0 rows: nothing")
    assert "mara" not in run(app, "acts").lower()
    assert len(run(app, "acts", "--host", str(host_id)).splitlines()) == 7


def test_a_deleted_hosts_id_is_kept_nowhere(app: Flask, host: User) -> None:
    """Another host may get the number, and would then seem to be who was paused."""
    host_id = host.id
    run(app, "hosts", "pause", "mara")
    run(app, "hosts", "remove", "mara", "--yes")
    db.session.execute(sa.delete(Email))  # the last message has gone out
    db.session.commit()
    close_account(host_id)
    assert db.session.get(User, host_id, populate_existing=True) is None
    assert commands(host_id) == []
    assert commands(None) == ["hosts pause", "hosts remove"]
    factories.host(id=host_id, handle="noor", email="noor@example.com")
    assert run(app, "acts", "--host", "noor") == ""


def test_a_long_list_goes_on_where_it_ended(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MOST", 2)
    for number in range(3):
        acts.note("reseal", now=NOW + timedelta(minutes=number))
    db.session.commit()
    first = run(app, "acts").splitlines()
    assert first[-1] == "More: acts --before 2"
    assert [one.split()[0] for one in first[:2]] == ["3", "2"]
    assert [one.split()[0] for one in run(app, "acts", "--before", "2").splitlines()] == ["1"]
