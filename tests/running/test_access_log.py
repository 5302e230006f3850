"""What the web writes down of a request."""

import logging

import pytest

from bookme.running import access_log
from tests.patience import wait_until
from tests.running.serving import Line, served

TOKEN = "Zx3" + "aB_-9" * 6
HEAD = " HTTP/1.1\r\nHost: localhost\r\nReferer: http://x/?r\r\n\r\n"


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        (f"GET /booking/{TOKEN}?q=secret{HEAD}", "GET /booking/*** 200 "),
        (f"HEAD /a{HEAD}", "HEAD /a 200 "),
        (f"GET /a%0A2026%20INFO%00%1b{HEAD}", "GET /a\\n2026%20INFO\\x00\\x1b 200 "),
        (f"GET /%C3%BC{HEAD}", "GET /\\xfc 200 "),
        (f"GET /%ff{HEAD}", "GET /\\ufffd 200 "),
        (f"GET /fails/..{HEAD}", "GET /fails/.. 200 "),
        ("GET /\r\n\r\n", "GET / 200 "),
        (f"{TOKEN} {TOKEN}\r\n\r\n", "- - 400 "),
    ],
    ids=["token", "head", "control", "accent", "bytes", "dots", "old", "nonsense"],
)
def test_a_line_has_no_token_no_query_and_no_second_line(
    caplog: pytest.LogCaptureFixture, asked: str, written: str
) -> None:
    with caplog.at_level(logging.INFO), served() as here, Line(here.port) as line:
        line.send(asked).rest() if "Host" not in asked else line.send(asked)
        wait_until(lambda: access_lines(caplog), "the line")
    assert access_lines(caplog)[0].startswith(written)
    assert "secret" not in caplog.text
    assert TOKEN not in caplog.text


def access_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "bookme.access"]


def test_a_failure_of_the_application_is_told_by_its_kind_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    access_log.quieten()
    with served() as here, Line(here.port) as line:
        assert " 500 " in line.send(f"GET /fails{HEAD}").rest()
    assert "Exception while serving a request: ValueError" in caplog.text
    assert "secret" not in caplog.text
    assert "/fails" not in [r.getMessage() for r in caplog.records if r.name == "waitress"][0]
