"""Nothing of ours begins before a request has been read whole, whatever serves it."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bookme import create_app
from bookme.extensions import db
from bookme.face.pictures import MOST_BYTES
from bookme.running.limits import Limits
from tests.conftest import settings

#: Kinds of bodies, one that is read as a form among them.
KINDS = ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=b"]


class Arriving(BytesIO):
    """A body whose bytes come one at a time; it tells what is there when the last has come."""

    def __init__(self, body: bytes, begun: list[str]) -> None:
        super().__init__(body)
        self._begun = begun
        self.begun_before_its_end: list[str] | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(1)
        if self.tell() == len(self.getvalue()) and self.begun_before_its_end is None:
            self.begun_before_its_end = list(self._begun)
        return piece

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        piece = self.read(1)
        buffer[: len(piece)] = piece
        return len(piece)


@pytest.fixture(params=[False, True], ids=["without CSRF", "with CSRF"])
def whole(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(settings(database_url, tmp_path) | {"WTF_CSRF_ENABLED": request.param})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def begun(whole: Flask) -> Iterator[list[str]]:
    """What has begun in the database."""
    seen: list[str] = []

    def begin(_connection: sa.Connection) -> None:
        seen.append("a transaction")

    sa.event.listen(db.engine, "begin", begin)
    yield seen
    sa.event.remove(db.engine, "begin", begin)


def writing_paths(app: Flask) -> Iterator[tuple[str, str]]:
    """Every (method, path) that takes a body, placeholders filled in."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<int:\w+>", "1", rule.rule).replace("<provider>", "zoom")
        path = re.sub(r"<(\w+:)?\w+>", "x", path)
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            yield method, path


def test_every_route_that_takes_a_body_reads_it_before_it_begins(
    whole: Flask, begun: list[str]
) -> None:
    tried = 0
    for method, path in writing_paths(whole):
        for kind in KINDS:
            body = Arriving(b"name=Ana&zone=UTC", begun)
            begun.clear()
            answer(whole, method, path, body, kind)
            assert body.begun_before_its_end == [], (method, path, kind)
            tried += 1
    assert tried > 3 * 30


def answer(app: Flask, method: str, path: str, body: BytesIO, kind: str, **more: object) -> str:
    """The status that a request is answered with."""
    builder = EnvironBuilder(path, method=method, headers={"Content-Type": kind})
    environ = builder.get_environ()
    length = str(len(body.getvalue()))
    environ |= {"wsgi.input": body, "CONTENT_LENGTH": length, **more}
    _, status, _ = run_wsgi_app(app, environ, buffered=True)
    return status


def test_a_body_over_the_limit_is_413_and_begins_nothing_that_writes(
    whole: Flask, begun: list[str]
) -> None:
    for method, path in writing_paths(whole):
        most = whole.config["MAX_CONTENT_LENGTH"] + (MOST_BYTES if path in Limits().uploads else 0)
        begun.clear()
        assert answer(whole, method, path, BytesIO(b"x" * (most + 1)), KINDS[0])[:3] == "413", path
        assert begun == []


def test_a_body_that_says_no_length_is_read_to_its_end(whole: Flask, begun: list[str]) -> None:
    body = Arriving(b"x" * 1000, begun)
    answer(
        whole,
        "POST",
        "/booking/x/cancel",
        body,
        KINDS[0],
        **{"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert body.tell() == 1000
    assert body.begun_before_its_end == []


def test_a_client_that_leaves_half_way_is_400(whole: Flask, begun: list[str]) -> None:
    for path in ("/sign-in", "/booking/x/cancel", "/mara/intro/book", "/webhooks/zoom"):
        short = BytesIO(b"name=Ana")
        assert answer(whole, "POST", path, short, KINDS[0], CONTENT_LENGTH="1000")[:3] == "400"
        assert begun == []
