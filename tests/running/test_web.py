"""What the web has done before it forks its processes."""

import sys
from pathlib import Path

import requests

from tests.patience import wait_until
from tests.processes import Part, clean_environment

SERVER = """
import sys
import sqlalchemy as sa
from bookme.models import User
from bookme.running import web

def app(environ, start):
    start("200 OK", [])
    return [b"ready" if sa.inspect(User).configured else b"to be made"]

web.run(app, web.listen(int(sys.argv[1])), 1)
"""


def test_no_first_request_waits_for_the_models_to_be_configured(port: int, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(port)]
    part = Part("web", command, clean_environment(), tmp_path / "log")
    part.start()
    try:
        assert wait_until(lambda: said(port), "an answer") == "ready"
    finally:
        part.kill()


def said(port: int) -> str:
    try:
        return requests.get(f"http://127.0.0.1:{port}/", timeout=5).text
    except requests.ConnectionError:
        return ""
