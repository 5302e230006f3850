"""BookMe on two machines: one as tests/system.py has it, and a second that shares its database, its
Redis, its keys and its public address, and nothing else.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.databases import Postgres
from tests.patience import wait_until
from tests.pooler import Pooler
from tests.processes import Part, ReservedPort
from tests.system import System


@dataclass(frozen=True, slots=True)
class Machines:
    """Both of them.

    :ivar first: two web processes and a sweep; its worker has ended.
    :ivar url: of the second's web process.
    :ivar worker: the only one, on the second.
    :ivar sweep: the second's.
    :ivar folder: what the second keeps.
    """

    first: System
    url: str
    worker: Part
    sweep: Part
    folder: Path

    @property
    def urls(self) -> list[str]:
        """Of both."""
        return [self.first.url, self.url]

    @property
    def sweeps(self) -> list[Part]:
        return [self.first.sweep, self.sweep]


@contextmanager
def two_machines(folder: Path, postgres: Postgres) -> Iterator[Machines]:
    """Both, on PostgreSQL behind a pooler in transaction mode, until the block ends."""
    with (
        Pooler(postgres.empty()) as pooler,
        System(folder, database_url=pooler.url, workers=1) as first,
    ):
        port = ReservedPort()
        state = folder / "second"
        state.mkdir()
        more = {"STATE_DIR": str(state), "PORT": str(port.number), "WEB_WORKERS": "1"}
        modules = {
            "web": "bookme.running.web",
            "worker": "bookme.jobs.processes.worker",
            "sweep": "bookme.jobs.processes.sweep",
        }
        parts = {
            name: Part(
                f"second-{name}",
                [sys.executable, "-m", module],
                first.environ | more,
                folder / "log" / f"second-{name}.log",
            )
            for name, module in modules.items()
        }
        try:
            first.workers[0].stop()
            for part in parts.values():
                part.start()
            url = f"http://localhost:{port.number}"
            wait_until(lambda: _answers(url), parts["web"].said(), 60)
            yield Machines(first, url, parts["worker"], parts["sweep"], state)
        finally:
            for part in parts.values():
                part.kill()
            port.close()


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/readyz", timeout=10).ok
    except requests.RequestException:
        return False
