"""What is counted, where somebody wants it, and that nothing breaks where it can't be."""

import logging
import os
import re
import resource
import signal
from pathlib import Path

import pytest
from flask import Flask

from bookme.meters import count
from bookme.meters.slots import FILES
from bookme.metrics import counting as metrics_counting
from tests.metrics.conftest import Scrape, scrape
from tests.processes import ROOT

__all__ = ["scrape"]

JOBS = 'bookme_job_seconds_count{kind="sync_booking",outcome="done"}'


def in_another_process(*, has_room: bool = True) -> None:
    """Count something in a process that is forked and ends."""
    pid = os.fork()
    if not pid:
        if not has_room:  # as on a full disk
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        count.job("sync_booking", count.Job.DONE, 0.2)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_what_forked_processes_count_is_added_up(counting: Path, scrape: Scrape) -> None:
    assert scrape()[JOBS] == 0
    for _ in range(3):
        in_another_process()
    count.job("sync_booking", count.Job.DONE, 0.2)
    assert scrape()[JOBS] == 4
    files = list(counting.glob("histogram_*.db"))
    assert len(files) == 3  # zero, this one, and the others' one
    assert {path.stat().st_size for path in files} == {FILES["histogram"]}, "none had to grow"


def test_calls_are_told_apart_by_their_answers(scrape: Scrape) -> None:
    for status in (200, 204, 302, 404, 429, 503, 503, None):
        count.call("zoom", status, 0.1)
    found = scrape()
    name = 'bookme_provider_call_seconds_count{outcome="%s",provider="zoom"}'
    outcomes = {str(one): found[name % one] for one in count.Call}
    assert outcomes == {"ok": 3, "refused": 1, "limited": 1, "failed": 2, "silent": 1}


def test_a_breaker_says_until_when_it_is_open(app: Flask, scrape: Scrape) -> None:
    name = 'bookme_breaker_open_until_seconds{breaker="redis"}'
    assert name not in scrape()
    app.extensions["redis_pool"].trip()
    assert scrape()[name] > 0


def test_nobody_counts_where_nobody_looks(app: Flask, tmp_path: Path) -> None:
    metrics_counting.init_app(app)
    count.job("sync_booking", count.Job.DONE, 0.2)
    assert not (tmp_path / "metrics").exists()


def test_a_folder_that_takes_no_files_is_said_and_stops_nothing(
    app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "metrics").touch()
    app.config.update(METRICS_PORT=9100)
    with caplog.at_level(logging.WARNING):
        metrics_counting.init_app(app)
    assert "nothing is counted for the metrics: Not a directory" in caplog.text
    count.job("sync_booking", count.Job.DONE, 0.2)


def test_a_process_that_gets_no_files_goes_on_without_counting(
    counting: Path, scrape: Scrape, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_another_process(has_room=False)
    monkeypatch.setattr("bookme.meters.slots.MOST", 1)
    in_another_process()
    assert scrape()[JOBS] == 0
    assert list(counting.glob("*.new")) == []


def test_prometheus_client_is_loaded_for_those_who_want_it_only() -> None:
    """It takes a megabyte of each process, so what all load names it in functions."""
    own = (
        r"prometheus_client|bookme\.meters\.kinds|bookme\.metrics\.page|bookme\.metrics import page"
    )
    at_once = re.compile(rf"^(?:from|import) (?:{own})\b", re.MULTILINE)
    package = ROOT / "bookme"
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if at_once.search(path.read_text())
    }
    assert found == {"meters/kinds.py", "metrics/page.py"}
