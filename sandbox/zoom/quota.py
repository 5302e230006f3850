"""Zoom's limits: creates and updates a person and day, and calls a second."""

import sqlite3
import threading
from collections import deque
from datetime import datetime, timedelta

from sandbox.answers import ZoomError, error
from sandbox.settings import setting


def spend(db: sqlite3.Connection, person_id: str, now: datetime) -> None:
    """Count one create or update of the day, which is the one in UTC.

    :raises ZoomError: if there were enough already.
    """
    used = db.execute(
        "INSERT INTO quota VALUES (?, ?, 1)"
        " ON CONFLICT DO UPDATE SET used = used + 1 RETURNING used",
        (person_id, now.date().isoformat()),
    ).fetchone()["used"]
    if used > setting(db, "daily_limit"):
        raise error("api_429_user_daily")


class Throttle:
    """Counts calls of the last second, for as long as the process lives."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[datetime] = deque()

    def forget(self) -> None:
        """Count from zero."""
        with self._lock:
            self._calls.clear()

    def check(self, most: int | None, now: datetime) -> ZoomError | None:
        """The error for a call too many; None if there may be another, which is counted."""
        if most is None:
            return None
        with self._lock:
            while self._calls and self._calls[0] <= now - timedelta(seconds=1):
                self._calls.popleft()
            if len(self._calls) >= most:
                return error("api_429_qps")
            self._calls.append(now)
            return None
