"""How long ``make demo`` takes to its first page, everything installed, in a folder of its own."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import requests

from tests.bench.table import Row
from tests.patience import wait_until
from tests.processes import Part, ReservedPort, clean_environment

_SECONDS = 6


def figures() -> Iterator[Row]:
    """From the command to the first page of the host's."""
    ports = [ReservedPort() for _ in range(3)]
    web, sandbox, mail = (str(one.number) for one in ports)
    for one in ports:
        one.close()
    with tempfile.TemporaryDirectory(prefix="bookme-demo-") as folder:
        environ = clean_environment() | {
            "PORT": web,
            "SANDBOX_PORT": sandbox,
            "SANDBOX_SMTP_PORT": mail,
            "STATE_DIR": folder,
        }
        part = Part("demo", ["make", "demo"], environ, Path(folder) / "make.log")
        began = time.monotonic()
        part.start()
        try:
            wait_until(lambda: _answers(f"http://localhost:{web}/mara"), part.said(), 120)
            yield Row("make demo, to its first page", time.monotonic() - began, "s", _SECONDS)
        finally:
            part.stop()


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.RequestException:
        return False
