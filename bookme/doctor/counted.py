"""Whether what happens is counted for /metrics, and who may read it."""

from collections.abc import Iterator
from datetime import datetime

from flask import current_app

from bookme.doctor.finding import Finding
from bookme.meters import count


def metrics(_now: datetime) -> Iterator[Finding]:
    settings = current_app.config
    port, token = settings["METRICS_PORT"], settings["METRICS_TOKEN"]
    if not (port or token):
        yield Finding("metrics", True, "none: METRICS_PORT and METRICS_TOKEN are not set")
        return
    where = f"on port {port}" if port else f"at {settings['PUBLIC_URL']}/metrics"
    who = "for those who show the token" if token else "for this machine alone"
    words = f"{where}, {who}"
    if not count.is_on():
        words += f"; {settings['STATE_DIR'] / 'metrics'} takes no files, so nothing is counted"
    yield Finding("metrics", count.is_on(), words)
