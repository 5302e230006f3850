"""Unforeseen errors, made fit for a log: where they happened, and nothing that they quote."""

import traceback
from pathlib import PurePath

_FRAMES = 8


class JobFailed(Exception):
    """A job ended in an error that nobody foresaw."""


def where(error: BaseException) -> str:
    """The kind of an error and the way to it, innermost last. Its message may quote a row or a
    person, so it is left out.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    way = " > ".join(f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in frames)
    return f"{type(error).__name__} at {way}"
