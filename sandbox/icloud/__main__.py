"""``python __main__.py STORAGE USERS RIGHTS``: Radicale, on a port of its own.

It says the port on its output, and ends when its input does: so it never outlives the sandbox,
however that has ended.
"""

import socket
import sys
import threading

from radicale import config, server


def main(storage: str, users: str, rights: str) -> None:
    """Serve until the input ends."""
    port = _free_port()
    settings = {
        "server": {"hosts": f"127.0.0.1:{port}", "max_connections": "0"},
        "auth": {
            "type": "htpasswd",
            "htpasswd_filename": users,
            "htpasswd_encryption": "plain",
            "delay": "0",
        },
        "rights": {"type": "from_file", "file": rights},
        "storage": {"filesystem_folder": storage},
        "web": {"type": "none"},
        "logging": {"level": "critical"},
    }
    wanted = config.load()
    wanted.update(settings, "the sandbox")
    ours, theirs = socket.socketpair()
    threading.Thread(target=_end_with_input, args=(ours,), daemon=True).start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.serve(wanted, theirs)


def _end_with_input(ours: socket.socket) -> None:
    sys.stdin.read()
    ours.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
