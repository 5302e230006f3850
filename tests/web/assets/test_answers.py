"""Pages on their way out."""

import gzip
from collections.abc import Iterator

import brotli
import pytest
from flask import Flask, Response

from bookme.web import assets

LONG = "word " * 200


@pytest.fixture
def site() -> Flask:
    site = Flask(__name__)
    assets.init_app(site)
    return site


def answered(site: Flask, response: Response, accepted: str = "gzip, br") -> Response:
    site.add_url_rule("/", "page", lambda: response, methods=["GET", "POST"])
    return site.test_client().get("/", headers={"Accept-Encoding": accepted})


@pytest.mark.parametrize(
    "kind", ["text/html", "text/csv", "text/calendar", "text/plain", "application/json"]
)
def test_text_is_compressed(site: Flask, kind: str) -> None:
    answer = answered(site, Response(LONG, mimetype=kind))
    assert answer.content_encoding == "br"
    assert brotli.decompress(answer.data) == LONG.encode()
    assert answer.content_length == len(answer.data) < 100
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_and_by_gzip_for_those_who_know_no_other(site: Flask) -> None:
    answer = answered(site, Response(LONG), "gzip")
    assert (answer.content_encoding, gzip.decompress(answer.data)) == ("gzip", LONG.encode())


@pytest.mark.parametrize("accepted", ["", "identity", "br;q=0"])
def test_who_understands_none_gets_it_as_it_is(site: Flask, accepted: str) -> None:
    answer = answered(site, Response(LONG), accepted)
    assert (answer.content_encoding, answer.data) == (None, LONG.encode())
    assert "Accept-Encoding" in answer.headers["Vary"]  # a cache must know it might be otherwise


def test_what_would_not_get_smaller_stays(site: Flask) -> None:
    for one in (Response("short"), Response(LONG, mimetype="image/jpeg"), Response(status=204)):
        fresh = Flask(__name__)
        assets.init_app(fresh)
        assert answered(fresh, one).content_encoding is None


def test_what_is_sent_piece_by_piece_stays_so(site: Flask) -> None:
    sent = []

    def pieces() -> Iterator[str]:
        for piece in ("one", LONG):
            sent.append(piece)
            yield piece

    answer = answered(site, Response(pieces(), mimetype="text/csv"))
    assert answer.content_encoding is None
    assert answer.text == f"one{LONG}"


def test_a_strong_tag_becomes_weak_and_still_answers_304(site: Flask) -> None:
    from flask import request

    def page() -> Response:
        response = Response(LONG)
        response.set_etag("v1")
        return response.make_conditional(request)

    site.add_url_rule("/", "page", page)
    browser = site.test_client()
    first = browser.get("/", headers={"Accept-Encoding": "br"})
    assert first.headers["ETag"] == 'W/"v1"'
    again = browser.get("/", headers={"Accept-Encoding": "br", "If-None-Match": 'W/"v1"'})
    assert (again.status_code, again.data) == (304, b"")


def test_head_says_what_get_would_send(site: Flask) -> None:
    site.add_url_rule("/", "page", lambda: LONG)
    br = {"Accept-Encoding": "br"}
    got, asked = site.test_client().get("/", headers=br), site.test_client().head("/", headers=br)
    assert asked.data == b""
    assert asked.content_length == got.content_length == len(got.data)
