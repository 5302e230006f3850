import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.processes import Part, ReservedPort, clean_environment, started_with


@pytest.fixture
def port() -> Iterator[int]:
    reserved = ReservedPort()
    yield reserved.number
    reserved.close()


@pytest.fixture
def metrics_port() -> Iterator[int]:
    reserved = ReservedPort()
    yield reserved.number
    reserved.close()


@pytest.fixture
def environ(tmp_path: Path, port: int) -> dict[str, str]:
    return settings(tmp_path, port)


def settings(folder: Path, port: int) -> dict[str, str]:
    """A small system of its own."""
    return clean_environment() | {
        "PORT": str(port),
        "STATE_DIR": str(folder / "state"),
        "WEB_WORKERS": "2",
        "JOB_WORKERS": "1",
    }


@pytest.fixture
def whole(tmp_path: Path, environ: dict[str, str]) -> Iterator[Part]:
    """``make run`` without make, not yet started."""
    part = Part("run", [sys.executable, "-m", "bookme.running"], environ, tmp_path / "run.log")
    yield part
    part.kill()  # how it ends in order is not what is shown here, and takes longer
    for pid in started_with(part):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
