from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client import values

from bookme.meters import count
from bookme.metrics import counting as metrics_counting
from bookme.metrics import page

Scrape = Callable[[], dict[str, float]]


@pytest.fixture
def counting(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """An application that counts, and the folder in which it does."""
    usual = values.ValueClass
    app.config.update(METRICS_TOKEN="a-token-that-nobody-guesses")
    metrics_counting.init_app(app)
    yield tmp_path / "metrics"
    count.end()
    values.close_all_multiprocess_files()
    values.ValueClass = usual


@pytest.fixture
def scrape(app: Flask, counting: Path) -> Scrape:
    """What ``/metrics`` has, by name and labels as they are written."""

    def read() -> dict[str, float]:
        lines = page.text().decode().splitlines()
        samples = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in samples}

    return read
