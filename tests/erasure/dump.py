"""Looking for what somebody has said, in whatever spelling, through all that is kept."""

import gzip
import hashlib
import unicodedata
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import brotli
import pytest
from flask import Flask

from bookme.backup import archive, service
from bookme.extensions import db
from bookme.public import kept
from tests.factories import NOW
from tests.servers import RedisServer
from tests.test_wal import kept_bytes


def spellings(mark: str) -> set[bytes]:
    """What a mark may look like: folded, escaped, encoded, and hashed without a key."""
    texts = {mark, mark.casefold(), mark.upper(), mark.title()}
    texts |= {unicodedata.normalize(form, text) for text in texts for form in ("NFKC", "NFKD")}
    found = {text.encode() for text in texts}
    found |= {text.encode("utf-16-le") for text in texts}
    found |= {how(text).encode() for text in texts for how in (quote, quote_plus, ascii)}
    found |= {text.encode("ascii", "backslashreplace") for text in texts}
    for text in texts:
        digests = hashlib.sha256(text.encode()), hashlib.md5(text.encode())
        found |= {one.digest() for one in digests} | {one.hexdigest().encode() for one in digests}
        found |= set(_in_base64(text.encode()))
    return found


def _in_base64(text: bytes) -> Iterator[bytes]:
    """Its middle, wherever it begins in what is encoded."""
    for before in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            coded = encode(b"\0" * before + text + b"\0" * (-(before + len(text)) % 3))
            yield coded[4 if before else 0 : -4]


def found_in(places: dict[str, bytes], marks: Iterable[str]) -> list[str]:
    """Which marks are where, as ``place: mark``; in any case, too, as the search has its words."""
    sought = {mark: spellings(mark) for mark in marks}
    found = []
    for name, held in places.items():
        folded = held.decode("utf-8", "ignore").casefold()
        for mark, spelt in sought.items():
            if mark.casefold() in folded or any(one in held for one in spelt):
                found.append(f"{name}: {mark}")
    return found


def dumped(
    app: Flask, folder: Path, redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> dict[str, bytes]:
    """Every place: the database's files or rows, free pages and logs included; Redis; the pages
    that the process keeps; what was logged; a backup that is made now.
    """
    places = {
        "database and files": kept_bytes(folder),
        "redis": _redis(redis),
        "pages": _pages(app),
        "log": _logged(caplog),
    }
    if db.engine.dialect.name == "sqlite":  # pg_dump reads the rows that are searched already
        places["backup"] = _backup(folder)
    return places


def _logged(caplog: pytest.LogCaptureFixture) -> bytes:
    """All lines with their tracebacks, but those of the test's own mail server."""
    ours = [one for one in caplog.records if one.name != "mail.log"]
    return "\n".join(map(caplog.handler.format, ours)).encode()


def _redis(server: RedisServer) -> bytes:
    client = server.client()
    keys = list(client.scan_iter())
    values = [client.dump(key) or b"" for key in keys]
    plain = [b"".join(client.hgetall(k).values()) for k in keys if client.type(k) == b"hash"]
    client.close()
    return b" ".join([*keys, *values, *plain])


def _pages(app: Flask) -> bytes:
    pages = app.extensions.get("kept_pages")
    if not isinstance(pages, kept.Pages):
        return b""
    in_memory: list[kept.Page | kept.Answer] = []
    for one in (pages, pages.answers):
        in_memory += one._kept._Cache__data.values()  # type: ignore[attr-defined]  # what is over, too
    return b" ".join(map(_plain, in_memory))


def _plain(page: kept.Page | kept.Answer) -> bytes:
    coding = dict(page.headers).get("Content-Encoding", "")
    if coding == "br":
        return brotli.decompress(page.body)
    return gzip.decompress(page.body) if coding == "gzip" else page.body


def _backup(folder: Path) -> bytes:
    db.session.rollback()
    path = folder.parent / f"{folder.name}-backup.tar.gz"
    unpacked = folder.parent / f"{folder.name}-unpacked"
    service.make(path, NOW)
    archive.read(path, unpacked)
    held = b"".join(one.read_bytes() for one in unpacked.rglob("*") if one.is_file())
    path.unlink()
    return held
