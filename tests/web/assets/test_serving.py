"""How static files are addressed, kept and sent."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

import bookme
from bookme.web.assets.files import BUNDLES, TEXTS, Files
from bookme.web.assets.serving import FOR_EVER, FOR_NOW, NOT_KEPT
from tests import factories

STATIC = Path(bookme.__file__).parent / "static"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return url_for("static", filename=name)


def test_every_file_has_an_address_that_may_be_kept_for_ever(
    app: Flask, client: FlaskClient
) -> None:
    names = [path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()]
    for name in {*names, *BUNDLES} - {"embed.js"}:
        found = address(app, name)
        assert re.fullmatch(r"/static/.+\.[0-9a-f]{12}\.\w+", found), name
        with client.get(found) as answer:
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOR_EVER), name
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "Cookie" not in answer.headers.get("Vary", "")
            assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "way"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, br;q=0", "gzip"),
        ("*", "br"),
        ("", ""),
        ("br;q=0, gzip;q=0", ""),
        ("zstd", ""),
    ],
)
def test_text_comes_in_the_best_way_that_is_understood(
    app: Flask, client: FlaskClient, accepted: str, way: str
) -> None:
    plain = client.get(address(app, "look.css"), headers={"Accept-Encoding": "identity"})
    answer = client.get(address(app, "look.css"), headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding", "") == way
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.mimetype == "text/css"
    assert UNPACK[way](answer.data) == plain.data
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_what_is_held_already_is_not_sent_again(app: Flask, client: FlaskClient) -> None:
    found, br = address(app, "look.css"), {"Accept-Encoding": "br"}
    tag = client.get(found, headers=br).headers["ETag"]
    again = client.get(found, headers=br | {"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == FOR_EVER
    other = client.get(found, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert other.status_code == 200  # other bytes, another tag
    head = client.head(found, headers=br)
    assert head.data == b""
    assert head.headers["Content-Length"] == client.get(found, headers=br).headers["Content-Length"]


def test_an_old_hash_leads_to_the_present_file_for_once(app: Flask, client: FlaskClient) -> None:
    old = client.get("/static/look.0123456789ab.css")
    assert old.data == client.get(address(app, "look.css")).data
    assert old.headers["Cache-Control"] == NOT_KEPT


def test_a_name_that_other_sites_hold_stays_and_is_kept_shortly(
    app: Flask, client: FlaskClient
) -> None:
    assert address(app, "embed.js") == "/static/embed.js"
    answer = client.get("/static/embed.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == FOR_NOW
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.mimetype == "text/javascript"
    assert "ETag" in answer.headers


@pytest.mark.parametrize(
    "path", ["nothing.css", "nothing.0123456789ab.css", "", "../wsgi.py", "%2e%2e/wsgi.py", "help"]
)
def test_what_is_not_there_is_a_404_that_nobody_keeps(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/static/{path}")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_script_loses_its_first_comment_only_and_a_sheet_all(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("/* What\n   it is. */\nlet a = 1; /* kept */\n")
    (tmp_path / "a.css").write_text("/* one */\na { b: c; } /* two */\n")
    files = Files(tmp_path)
    assert files.body("a.js") == b"let a = 1; /* kept */\n"
    assert files.body("a.css") == b"a { b: c; }\n"


def test_no_text_has_what_that_would_break() -> None:
    for path in [*STATIC.glob("*.js"), *STATIC.glob("*.css")]:
        text = path.read_text()
        assert all(line.count("`") % 2 == 0 for line in text.splitlines()), path.name
        if path.suffix == ".css":
            assert not re.search(r"[\"'][^\"'\n]*/\*", text), path.name


def test_what_is_compressed_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a { b: c; }")
    files = Files(tmp_path)
    first = files.squeezed("a.css", "br")
    (tmp_path / "a.css").unlink()
    assert files.squeezed("a.css", "br") is first
    assert set(TEXTS) == {".css", ".js", ".svg"}


@pytest.mark.parametrize("path", ["/", "/sign-in", "/help/zoom", "/mara"])
def test_pages_vary_by_cookie_and_what_is_the_same_for_all_does_not(
    client: FlaskClient, path: str
) -> None:
    factories.host(accent="#b3261e")
    page = client.get(path)
    assert "Cookie" in page.headers["Vary"]
    kept = "private, no-cache" if path == "/mara" else "no-store"  # asked for anew, with its ETag
    assert page.headers["Cache-Control"] == kept
    for same in ("/assets/b3261e.css", "/robots.txt", "/static/mark.svg"):
        answer = client.get(same)
        assert answer.status_code == 200
        assert "Cookie" not in answer.headers.get("Vary", "")
