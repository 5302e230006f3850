"""Which processes make up BookMe, and how supervisord is told of them.

Each ends with supervisord, also when that is killed (tied.py).
"""

import shlex
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bookme import private
from bookme.running import tied


@dataclass(frozen=True, slots=True)
class Process:
    """One program under supervisord.

    :param count: how many of it run.
    :param seconds: how long it may take to end before it is killed.
    :param first: lower numbers start earlier and end later.
    """

    name: str
    command: list[str]
    count: int = 1
    seconds: int = 10
    first: int = 500
    environ: Mapping[str, str] = field(default_factory=dict)


def bookme(*, is_demo: bool) -> Process:
    """Web, workers and sweep."""
    words = [sys.executable, "-m", "bookme.running.whole", *(["demo"] if is_demo else [])]
    return Process("bookme", words)


def write_supervisor_conf(processes: list[Process], state: Path) -> Path:
    """Write supervisord's configuration under the state folder and return where it is."""
    run, log = state / "run", state / "log"
    for folder in (run, log):
        private.make_folder(folder)
    parts = [
        _section(
            "supervisord",
            logfile=log / "supervisord.log",
            pidfile=run / "supervisord.pid",
            umask=f"{private.UMASK:03o}",
        ),
        *(_program(process, log) for process in processes),
    ]
    path = run / "supervisord.conf"
    path.write_text("\n".join(parts))
    return path


def _program(process: Process, log: Path) -> str:
    environ = ",".join(f'{name}="{_literal(value)}"' for name, value in process.environ.items())
    return _section(
        f"program:{process.name}",
        command=_literal(shlex.join(tied.command(process.command))),
        numprocs=process.count,
        process_name="%(program_name)s_%(process_num)d",
        priority=process.first,
        autorestart="true",
        startsecs=0,
        stopwaitsecs=process.seconds,
        killasgroup="true",
        redirect_stderr="true",
        stdout_logfile=_literal(str(log / f"{process.name}.log")),
        stdout_logfile_maxbytes="5MB",
        stdout_logfile_backups=2,
        **({"environment": environ} if environ else {}),
    )


def _section(name: str, **values: object) -> str:
    lines = [f"{key} = {value}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def _literal(text: str) -> str:
    """supervisord expands ``%``; a doubled one stands for itself."""
    return text.replace("%", "%%")


def port_taken(port: int) -> bool:
    """Whether another program answers on this port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return True
    return False


def welcome(url: str, state: Path) -> str:
    """The line that ``make run`` prints once BookMe answers."""
    return f"BookMe answers at {url} (state and logs: {state}). Ctrl-C ends it."
