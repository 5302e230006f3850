"""Compressing, in the ways that browsers name in Accept-Encoding."""

import gzip
from collections.abc import Callable, Mapping

import brotli
from werkzeug.datastructures import Accept

#: By name, the best first. Each takes what to compress, and whether it is worth any effort.
WAYS: Mapping[str, Callable[[bytes, bool], bytes]] = {
    "br": lambda body, once: brotli.compress(body, quality=11 if once else 4),
    "gzip": lambda body, once: gzip.compress(body, 9 if once else 5, mtime=0),
}


def way(accepted: Accept) -> str | None:
    """The best way that a client understands, if any."""
    return next((name for name in WAYS if accepted.quality(name) > 0), None)


def squeeze(body: bytes, way: str, *, once: bool = False) -> bytes:
    """A body, compressed.

    :param once: it is kept, so that its making may take longer.
    """
    return WAYS[way](body, once)
