"""The operator lets a host in who has lost everything."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.accounts import factor_steps as factors
from tests.accounts import steps


def test_the_second_factor_of_a_host_is_removed(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    mara = factories.host()
    steps.sign_in(client, mara.email)
    factors.add_app(client)
    key = factors.add_passkey(client)
    half = app.test_client()
    factors.half_way(half, mara.email)
    run = app.test_cli_runner().invoke
    with caplog.at_level(logging.INFO):
        assert run(args=["remove-second-factor", mara.email], input="n\n").exit_code == 1
        assert steps.signed_in(client)
        done = run(args=["remove-second-factor", "MARA@example.com"], input="y\n")
    assert "removed; a message tells the host" in done.output
    assert str(steps.context("second_factor")["said"].heading) == "Your second factor was removed"
    said = [one for one in caplog.messages if one.startswith("operator: ")]
    assert said == [f"operator: remove-second-factor host {mara.id}: done"]
    assert not steps.signed_in(client)
    assert half.get("/sign-in/second-step").location == "/sign-in"
    factors.sign_in_with(client, key)
    assert not steps.signed_in(client)
    assert steps.sign_in(client, mara.email).location == "/dashboard"
    again = run(args=["remove-second-factor", mara.email, "--yes"])
    assert "nothing was changed" in again.output
    assert steps.signed_in(client)


def test_an_unknown_host_is_said_to_be_none(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["remove-second-factor", "noor@example.com", "--yes"])
    assert (done.exit_code, "no host with this e-mail" in done.output) == (1, True)
