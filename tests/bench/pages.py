"""``python -m tests.bench.pages``: processor time of a booker's pages beside a bare Flask route of
as many bytes, in one process and interleaved. Prints medians of ratios.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme import create_app
from bookme.extensions import db
from bookme.models import Booking
from tests.bench import whole

ROUNDS = 60
HEADERS = {"Accept-Encoding": "br, gzip", "Accept-Language": "en-GB,en;q=0.9"}
FRAGMENT = {"HX-Request": "true"}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder:
        os.environ.update(whole.environment(Path(folder)))
        app = create_app()
        path = f"/{whole.fill(app)[0]}"
        for name, ratio, size in figures(app, path):
            sys.stdout.write(f"  {name:<40} {ratio:>6.1f} x bare   {size:>6} bytes sent\n")
            sys.stdout.flush()


def figures(app: Flask, path: str) -> list[tuple[str, float, int]]:
    """By page: how many times a bare route it takes, and the bytes of its answer."""
    client = app.test_client(use_cookies=False)
    page = BeautifulSoup(client.get(path).text, "html.parser")
    day, start = (str(page.select(link)[-1]["href"]) for link in ("a.day", "a.time"))
    with app.app_context():
        token = db.session.scalar(sa.select(Booking.token).limit(1))
    swap = day.partition("#")[0]
    return [
        _measured("schedule's page, first", _page(client, path), app),
        _measured("the same page again", _page(client, path), None),
        _measured("swap of a day", _page(client, swap, FRAGMENT), app),
        _measured("details form", _page(client, start), app),
        _measured("a booker's booking", _page(client, f"/booking/{token}"), app),
    ]


def _page(
    client: FlaskClient, path: str, headers: dict[str, str] | None = None
) -> Callable[[], bytes]:
    def get() -> bytes:
        answer = client.get(path, headers=HEADERS | (headers or {}))
        assert answer.status_code == 200, path
        return answer.data

    return get


def _measured(name: str, get: Callable[[], bytes], forgets: Flask | None) -> tuple[str, float, int]:
    """:param forgets: the application, whose kept pages are dropped before each request."""
    size = len(get())
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: b"x" * size)
    beside = bare.test_client(use_cookies=False)
    ratios = []
    for _ in range(ROUNDS):
        if forgets is not None:
            forgets.extensions.pop("kept_pages", None)
        took, other = _seconds(get), _seconds(lambda: beside.get("/", headers=HEADERS))
        ratios.append(took / other)
    return name, median(ratios), size


def _seconds(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


if __name__ == "__main__":
    main()
