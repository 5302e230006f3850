"""A picture as it was uploaded becomes two square JPEGs, drawn anew, so that nothing of the file
stays: no place where it was taken, no camera, nothing hidden behind its end.

The host waits for the answer to see it, so it isn't left to a job; but it is decoded by a process
of its own (:mod:`bookme.face.decoding`), which may use so much memory and time and no more, and
ends with it. Whatever a file does to the decoder, it does nothing to the web. A process of the web
has one such at a time, and one more upload waits; whoever comes beyond that is asked to try again.
"""

import hashlib
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

from bookme.errors import Busy
from bookme.face import decoding
from bookme.face.decoding import NotAPicture, Wrong

__all__ = ["MOST_BYTES", "NotAPicture", "Squares", "Wrong", "squares", "squares_of"]

MOST_BYTES = 8 * 1024 * 1024
#: How long decoding may take, and how long an upload waits for its turn, in seconds.
PATIENCE, TURN = 15.0, 3.0

_turns = threading.BoundedSemaphore(1)
_places = threading.BoundedSemaphore(2)
_MARK = struct.Struct(">4sI")


@dataclass(frozen=True, slots=True)
class Squares:
    """The same picture in two sizes, as JPEGs."""

    small: bytes
    large: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.large).hexdigest()


def squares(file: bytes) -> Squares:
    """The middle of a picture, upright, on white where it is transparent.

    :raises NotAPicture: if it can't be read, or would cost too much.
    :raises Busy: if too many are decoded just now.
    """
    with _turn():
        answer = _answer(file)
    if answer[:4] == b"JPEG" and len(answer) > _MARK.size:
        __, length = _MARK.unpack_from(answer)
        pictures = answer[_MARK.size :]
        return Squares(pictures[:length], pictures[length:])
    raise NotAPicture(next((why for why in Wrong if why.name.encode() == answer), Wrong.BROKEN))


def squares_of(image: Image.Image) -> Squares:
    """The same of a picture that is known to cost little."""
    return Squares(*decoding.drawn(image))


def _answer(file: bytes) -> bytes:
    """What the decoder says; empty if it came to its end otherwise than by itself."""
    command = [sys.executable, "-I", decoding.__file__]
    try:
        done = subprocess.run(
            command, input=file, capture_output=True, timeout=PATIENCE, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        return Wrong.TOO_LARGE.name.encode()
    return done.stdout if done.returncode == 0 else b""


@contextmanager
def _turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise Busy("too many pictures at once")
    try:
        if not _turns.acquire(timeout=TURN):
            raise Busy("pictures take too long")
        try:
            yield
        finally:
            _turns.release()
    finally:
        _places.release()
