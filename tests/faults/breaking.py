"""What breaks in a fault run: processes, Redis, the mail server, Zoom, calendars."""

import os
import shutil
import signal
import time
from collections import Counter
from contextlib import closing, suppress
from math import inf

from redis import Redis
from redis.exceptions import RedisError

from tests.faults import calendar_storms, storms
from tests.faults.acts import Act, Size
from tests.patience import wait_until
from tests.processes import Part
from tests.system import System

#: Seconds that a killing waits for a job to be running.
_STALKING = 0.3


class Breaking:
    """Carries out a plan's trouble; :meth:`mend` ends all of it.

    :ivar done: how often each was done.
    :ivar complaints: parts that had ended by themselves.
    :ivar web_away: from when to when (monotonic) there was no web.
    """

    def __init__(self, system: System, size: Size) -> None:
        self.done: Counter[str] = Counter()
        self.complaints: list[str] = []
        self.web_away: list[tuple[float, float]] = []
        self._system, self._size = system, size
        self._outside = system.sandbox
        self._killed: set[str] = set()

    def do(self, act: Act) -> None:
        getattr(self, act.do)(act)

    def mend(self) -> None:
        """From here on nothing fails any more."""
        system = self._system
        self._outside.control("faults/clear")
        self._outside.control("settings", {"mail": "up", "list_delay_seconds": 0})
        system.redis.stop()
        system.redis.start()
        for part in system.parts:
            self._start(part)

    def kill_worker(self, act: Act) -> None:
        self._kill(self._worker(act))

    def start_worker(self, act: Act) -> None:
        self._start(self._worker(act))

    def kill_job(self, act: Act) -> None:
        """Kill the process of a job, if one comes up at once; the worker itself goes on."""
        part = self._worker(act)
        if not part.is_running:
            return
        with suppress(AssertionError):
            wait_until(lambda: part.children, "a job", _STALKING)
        for pid in part.children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.done["job killed"] += 1

    def kill_sweep(self, act: Act) -> None:
        self._kill(self._system.sweep)

    def start_sweep(self, act: Act) -> None:
        self._start(self._system.sweep)

    def kill_web(self, act: Act) -> None:
        self.web_away.append((time.monotonic(), inf))
        self._kill(self._system.web)

    def start_web(self, act: Act) -> None:
        self._start(self._system.web)
        self.web_away[-1] = self.web_away[-1][0], time.monotonic()

    def stop_redis(self, act: Act) -> None:
        self._system.redis.stop()
        self.done["Redis stopped"] += 1

    def start_redis(self, act: Act) -> None:
        self._system.redis.start()

    def start_empty_redis(self, act: Act) -> None:
        """It comes back without all that it knew."""
        kept = self._system.redis.folder / "appendonlydir"
        if kept.exists():
            shutil.move(kept, kept.with_name("lost"))
        self._system.redis.start()
        self.done["Redis come back empty"] += 1

    def empty_redis(self, act: Act) -> None:
        """FLUSHALL, if it is there; one that is frozen does it when it thaws."""
        client = Redis.from_url(self._system.redis.url, socket_timeout=0.5)
        with closing(client), suppress(RedisError):
            client.flushall()
            self.done["Redis emptied"] += 1

    def freeze_redis(self, act: Act) -> None:
        self._system.redis.freeze()
        self.done["Redis frozen"] += 1

    def thaw_redis(self, act: Act) -> None:
        self._system.redis.thaw()

    def set_outside(self, act: Act) -> None:
        """Change the mail server's mode, or how late a meeting stands in lists."""
        self._outside.control("settings", act.given)
        if act.given.get("mail", "up") != "up":
            self.done[f"mail server: {act.given['mail']}"] += 1

    def storm(self, act: Act) -> None:
        """Let Zoom and the calendars fail by the rules of another storm."""
        made = [*storms.rules(delay=self._size.delay, **act.given)]
        made += calendar_storms.rules(delay=self._size.delay, **act.given)
        self._outside.control("faults/clear")
        self._outside.control("faults", made)

    def expire_tokens(self, act: Act) -> None:
        self.done["access tokens expired"] += self._outside.control("tokens/expire")["expired"]

    def _worker(self, act: Act) -> Part:
        return self._system.workers[act.number]

    def _kill(self, part: Part) -> None:
        if part.is_running:
            part.kill()
            self._killed.add(part.name)
            self.done[f"{part.name.rstrip('-0123456789')} killed"] += 1

    def _start(self, part: Part) -> None:
        if part.is_running:
            return
        if part.name not in self._killed:
            self.complaints.append(f"{part.name} had ended by itself:\n{part.said(2000)}")
        self._killed.discard(part.name)
        part.start()
        if part is self._system.web:
            wait_until(lambda: self._system.health(), "the web answers again", 30)
