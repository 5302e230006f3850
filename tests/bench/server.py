"""``python -m tests.bench.server <module>:<app> <port> <processes>``: a WSGI application through
BookMe's own web server; and :func:`serving` to have one beside the bench.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import requests

from bookme.running import access_log, web
from tests.patience import wait_until
from tests.processes import Part, ReservedPort

BOOKME, BARE = "wsgi:app", "tests.bench.yardstick:app"


def main() -> None:
    module, _, name = sys.argv[1].partition(":")
    access_log.quieten()
    app = getattr(import_module(module), name)
    web.run(app, web.listen(int(sys.argv[2]), "127.0.0.1"), int(sys.argv[3]))


class Served:
    """A server that runs.

    :ivar port: where it listens.
    :ivar pids: its processes that answer.
    """

    def __init__(self, part: Part, port: int) -> None:
        self.port = port
        self._part = part

    @property
    def pids(self) -> list[int]:
        return self._part.children


@contextmanager
def serving(app: str, environ: Mapping[str, str], processes: int = 1) -> Iterator[Served]:
    """An application through BookMe's web server, until the block ends."""
    port = ReservedPort()
    words = [sys.executable, "-m", "tests.bench.server", app, str(port.number), str(processes)]
    log = Path(environ["STATE_DIR"]) / f"{app.partition(':')[0]}.log"
    part = Part(app, words, environ, log)
    part.start()
    try:
        wait_until(lambda: part.is_running and _answers(port.number), f"{app}: {part.said()}", 60)
        yield Served(part, port.number)
    finally:
        part.stop()
        port.close()


def _answers(port: int) -> bool:
    try:
        requests.get(f"http://127.0.0.1:{port}/", timeout=5)
    except requests.ConnectionError:
        return False
    return True


if __name__ == "__main__":
    main()
