"""Radicale lives with the sandbox, and dies with it."""

import signal
from pathlib import Path

import psutil
import pytest

from tests.patience import wait_until
from tests.sandbox.icloud_side import ICloudSide
from tests.sandbox_process import SandboxProcess


def has_ended(process: psutil.Process) -> bool:
    """Whether nothing is left of a child but its status: no thread of it either."""
    threads = list(Path(f"/proc/{process.pid}/task").iterdir())
    return process.status() == psutil.STATUS_ZOMBIE and len(threads) == 1


def radicales(folder: Path) -> list[psutil.Process]:
    """The Radicale processes over a sandbox's state."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if str(folder / "radicale") in (process.info["cmdline"] or []):
            found.append(process)
    return found


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_the_sandbox_and_remembers(tmp_path: Path, how: int) -> None:
    process = SandboxProcess(tmp_path).start()
    icloud = ICloudSide(process)
    assert radicales(tmp_path) == []  # nobody has asked yet
    icloud.create(f"{icloud.home()}home/bookme7.ics")
    [running] = radicales(tmp_path)
    process.stop(how)
    _, alive = psutil.wait_procs([running], timeout=20)
    assert alive == []
    with process.start():
        assert icloud.ask("GET", f"{icloud.home()}home/bookme7.ics").status_code == 200


def test_it_is_started_again_when_it_has_died(tmp_path: Path) -> None:
    with SandboxProcess(tmp_path) as process:
        icloud = ICloudSide(process)
        before = len(process.events("icloud"))
        [running] = radicales(tmp_path)
        running.kill()
        # The sandbox, whose child it is, takes notice of its end when it needs it again.
        wait_until(lambda: has_ended(running), "its end")
        assert len(process.events("icloud")) == before
        assert icloud.ask("GET", f"{icloud.home()}home/nothing.ics").status_code == 404


def test_its_files_are_for_nobody_else(tmp_path: Path) -> None:
    with SandboxProcess(tmp_path) as process:
        ICloudSide(process).home()
        process.state("icloud")
        assert (tmp_path / "radicale" / "users").stat().st_mode & 0o077 == 0
