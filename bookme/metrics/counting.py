"""Has what happens counted, if there is anybody to see it."""

from flask import Flask

from bookme import private, queue
from bookme.meters import count
from bookme.providers.registry import PROVIDERS
from bookme.web.page_classes import Page


def init_app(app: Flask) -> None:
    """Count from now on, where the settings ask for metrics."""
    if not (app.config["METRICS_PORT"] or app.config["METRICS_TOKEN"]):
        return
    folder = app.config["STATE_DIR"] / "metrics"
    try:
        private.make_folder(folder)
    except OSError:
        pass  # said by what is to count there
    tellers = [one.name for one in PROVIDERS.values() if one.tells_of_removals]
    count.begin(folder, count.Known(Page, queue.KINDS, PROVIDERS, tellers))
