"""Memory of web, worker and sweep at rest, as `make run` starts them: what is a process's own, and
its share of what it has in common with the others (PSS). Beside them Python with the libraries that
they are made of, which have to be loaded.

    python -m tests.bench.memory
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import requests

from tests import databases
from tests.bench import processor, whole
from tests.processes import ReservedPort
from tests.servers import RedisServer

_LIBRARIES = "import flask, sqlalchemy.orm, redis, rq, babel, wtforms, time; time.sleep(600)"


def figures() -> Iterator[tuple[str, float, str]]:
    """Megabytes of each process, by its name."""
    reserved = ReservedPort()
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder:
        redis = RedisServer(Path(folder)).start()
        environ = whole.environment(Path(folder)) | {
            "REDIS_URL": redis.url,
            "PORT": str(reserved.number),
            "WEB_WORKERS": "2",
            "JOB_WORKERS": "1",
        }
        databases.migrate(environ["DATABASE_URL"])
        commands = ["-c", _LIBRARIES], ["-m", "bookme.running.whole"]
        bare, ours = (subprocess.Popen([sys.executable, *one], env=environ) for one in commands)
        try:
            _wait(f"http://localhost:{reserved.number}/readyz")
            yield "Python with the libraries alone", processor.memory(bare.pid), "MB"
            for pid in [ours.pid, *processor.children(ours.pid)]:
                name = Path(f"/proc/{pid}/comm").read_text().strip()
                yield f"{name} (<= 55)", processor.memory(pid), "MB"
        finally:
            for process in (ours, bare):
                process.terminate()
                process.wait(20)
            redis.stop()
            reserved.close()


def _wait(url: str) -> None:
    """Until everything works, and has come to rest."""
    ends = time.monotonic() + 90
    while time.monotonic() < ends:
        try:
            if requests.get(url, timeout=5).json().get("status") == "ok":
                break
        except requests.RequestException:
            pass
        time.sleep(0.5)
    time.sleep(5)


if __name__ == "__main__":
    for name, value, unit in figures():
        sys.stdout.write(f"  {name:<58} {value:>10,.2f} {unit}\n")
