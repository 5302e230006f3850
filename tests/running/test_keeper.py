"""What keeps the web's processes, as a process of its own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patience import wait_until
from tests.processes import Part, clean_environment

#: The first of them tells it to stop while most are still to be started.
TOLD_EARLY = """
import os, signal, time
from bookme.running.keeper import Keeper, Kind

def work():
    os.kill(os.getppid(), signal.SIGTERM)
    time.sleep(300)

Keeper(Kind(work, 50)).run()
"""
#: Each ends at once, and says so.
SHORT_LIVED = """
import os
from bookme.running.keeper import Keeper, Kind
Keeper(Kind(lambda: os.write(1, b"."), 2)).run()
"""


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Part]:
    part = Part("keeper", [sys.executable, "-c", ""], clean_environment(), tmp_path / "log")
    yield part
    part.kill()


def test_told_to_stop_while_it_starts_its_processes_it_ends_with_them(keeper: Part) -> None:
    keeper.command[-1] = TOLD_EARLY
    keeper.start()
    wait_until(lambda: not keeper.is_running, "its end")
    assert keeper.children == []


def test_processes_that_end_at_once_are_replaced_and_not_too_fast(keeper: Part) -> None:
    keeper.command[-1] = SHORT_LIVED
    keeper.start()
    wait_until(lambda: keeper.said().count(".") >= 4, "the next ones")
    assert keeper.said().count(".") < 20
    assert keeper.stop() == 0
