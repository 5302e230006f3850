"""Jobs of tests, for a real worker."""

import os
import time

from flask import current_app

from bookme.extensions import db


def connections() -> dict[str, int]:
    """How many connections to the database this job has found open."""
    pool = db.engine.pool
    return {"open": pool.checkedin() + pool.checkedout(), "pid": os.getpid()}  # type: ignore[attr-defined]


def fail(words: str) -> None:
    """Fail with an error that quotes somebody."""
    raise ValueError(f"{words} {current_app.name}")


def hang() -> None:
    """Take longer than any job may."""
    time.sleep(600)
