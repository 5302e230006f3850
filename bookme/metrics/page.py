"""The text of ``/metrics``: what a machine's processes have counted, what the database says."""

import platform
from collections.abc import Iterator

from flask import Flask, current_app
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bookme.clock import utcnow
from bookme.metrics.looking import Found, Looker
from bookme.version import VERSION
from bookme.web.page_classes import BUDGETS

__all__ = ["CONTENT_TYPE", "text"]

CONTENT_TYPE = CONTENT_TYPE_LATEST


def text() -> bytes:
    """All metrics, as Prometheus reads them. Takes some seconds at most, whatever the database
    does.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    looker: Looker = app.extensions.setdefault("metrics", Looker(app))
    registry = CollectorRegistry()
    folder = app.config["STATE_DIR"] / "metrics"
    if folder.is_dir():
        MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    registry.register(_Seen(looker.found(utcnow()), app.config["SQLALCHEMY_DATABASE_URI"]))
    return generate_latest(registry)


class _Seen(Collector):
    """What nobody has to count.

    :param found: None if the database does not answer.
    """

    def __init__(self, found: Found | None, database: str) -> None:
        self._found = found
        self._database = database.partition(":")[0].partition("+")[0]

    def collect(self) -> Iterator[Metric]:
        build: _Values = {(VERSION, platform.python_version(), self._database): 1.0}
        yield _gauge("build_info", "What runs here", build, "version", "python", "database")
        budgets: _Values = {(page,): seconds for page, seconds in BUDGETS.items()}
        yield _gauge("request_budget_seconds", "What a page may take", budgets, "page")
        found = self._found
        yield _gauge("database_up", "Whether the database answers", {(): float(found is not None)})
        if found is None:
            return
        yield _gauge("due_rows", "Rows whose time has come", found.due, "kind")
        words = "Seconds since the longest waiting work of a kind should have been done"
        yield _gauge("waiting_seconds", words, found.waiting, "kind", "refused_by")
        words = "Seconds since the last sign of life of a kind of process"
        yield _gauge("heartbeat_age_seconds", words, found.heartbeat_ages, "kind")
        words = "Processes that were heard of in the last minute"
        yield _gauge("processes", words, found.processes, "kind")
        words = "What only the operator can mend, such as refused credentials"
        yield _gauge("alarm", words, found.alarms, "kind")


_Values = dict[tuple[str, ...], float]


def _gauge(name: str, words: str, values: _Values, *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"bookme_{name}", words, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family
