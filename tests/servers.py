"""A real Redis server for tests, which can be frozen, stopped and started again."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from bookme.running.redis import executable
from tests.processes import started


class RedisServer:
    """A server on a socket in a folder of its own (the test's), with the data it had before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}?db=0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RedisServer":
        """Start it and wait until it answers."""
        command = [
            *(executable(), "--port", "0", "--unixsocket", str(self.socket)),
            *("--dir", str(self.folder), "--save", "", "--appendonly", "yes"),
        ]
        self._process = started(command, os.environ, stdout=subprocess.DEVNULL)
        ends = time.monotonic() + 20
        while not self._answers():
            assert time.monotonic() < ends, "Redis does not answer"
            threading.Event().wait(0.01)
        return self

    def stop(self) -> None:
        """End it; what it knew is on the disk."""
        if self._process is not None:
            self.thaw()
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def freeze(self) -> None:
        """Let it hang: connections are accepted, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def client(self) -> Redis:
        """A patient client for the test itself."""
        return Redis.from_url(self.url)

    def _signal(self, number: int) -> None:
        if self._process is not None:
            os.kill(self._process.pid, number)

    def _answers(self) -> bool:
        client = self.client()
        try:
            return bool(client.ping())
        except RedisError:
            return False
        finally:
            client.close()
