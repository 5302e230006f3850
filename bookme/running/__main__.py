"""``python -m bookme.running`` (BookMe alone) and ``python -m bookme.running demo`` (with a
sandbox).

Prepares the state, starts every process under supervisord, says where BookMe answers, and ends
everything on Ctrl-C or SIGTERM.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

import click
import requests

from bookme import config, endings, private
from bookme.running import demo, plan, redis, tied

#: Seconds until everything must answer, and until supervisord must have ended it.
PATIENCE = 120


def main(*, is_demo: bool) -> int:
    """Run it all until it is told to end; the exit status."""
    os.umask(private.UMASK)
    environ = dict(os.environ)
    try:
        if is_demo:
            demo.prepare_environment(environ)
        settings = config.load(environ)
        _take(settings["STATE_DIR"])
        own_redis = redis.own_server(environ, settings["STATE_DIR"])
    except (config.ConfigError, redis.NoRedis, demo.PortTaken) as error:
        click.echo(str(error), err=True)
        return 2
    for name in ("PORT", "METRICS_PORT"):
        if settings[name] and plan.port_taken(settings[name]):
            click.echo(f"Port {settings[name]} is in use. Set {name} to another one.", err=True)
            return 2
    processes = [*([own_redis] if own_redis else []), plan.bookme(is_demo=is_demo)]
    if is_demo:
        processes.append(demo.sandbox())
    environ["STATE_DIR"] = str(settings["STATE_DIR"])
    if not is_demo and not _migrate(environ):  # the demo does that while the rest begins
        return 1
    return _run(processes, settings["STATE_DIR"], environ, is_demo=is_demo)


def _take(state: Path) -> None:
    """Have the state's folder to ourselves.

    :raises config.ConfigError: if nothing can be written there.
    """
    private.make_folder(state)
    private.hide_all(state)
    if not os.access(state, os.W_OK):
        raise config.ConfigError(f"Nothing can be written to {state}. Mend that, or set STATE_DIR.")


def _migrate(environ: Mapping[str, str]) -> bool:
    """Bring the database's tables up to date; what goes wrong is said by the command itself."""
    command = [sys.executable, "-m", "bookme", "db", "upgrade"]
    return subprocess.run(command, env=environ, cwd=config.ROOT, check=False).returncode == 0


def _run(
    processes: list[plan.Process], state: Path, environ: Mapping[str, str], *, is_demo: bool
) -> int:
    """Run supervisord until it ends or we are told to stop."""
    conf = plan.write_supervisor_conf(processes, state)
    words = [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "-c", str(conf)]
    # A session of its own: Ctrl-C reaches only this process, which then ends the others in order.
    child = subprocess.Popen(
        tied.command(words),
        env=tied.environ(environ),
        cwd=config.ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    _end_on_signals(child)
    connecting = demo.begin_connecting(environ, state) if is_demo else None
    url = f"http://localhost:{config.load(environ)['PORT']}"
    if _answers(url, child):
        if connecting is not None:
            demo.wait_until_connected(connecting)
        click.echo(demo.welcome(url, environ) if is_demo else plan.welcome(url, state))
    elif child.poll() is None:
        click.echo(f"BookMe does not answer yet. What it says is under {state / 'log'}.", err=True)
    code = _end_of(child)
    return 0 if code in (0, -signal.SIGTERM) else code


def _end_on_signals(child: "subprocess.Popen[bytes]") -> None:
    def end(_signal: int, _frame: FrameType | None) -> None:
        child.send_signal(signal.SIGTERM)

    for number in endings.SIGNALS:
        signal.signal(number, end)


def _end_of(child: "subprocess.Popen[bytes]") -> int:
    """Its exit status. We look now and then: a signal that comes just before an endless wait would
    be handled after it.
    """
    while (code := child.poll()) is None:
        time.sleep(0.2)
    return code


def _answers(url: str, child: "subprocess.Popen[bytes]") -> bool:
    """Wait until the web process answers; False when supervisord ended or patience did."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and child.poll() is None:
        try:
            if requests.get(f"{url}/readyz", timeout=2).ok:
                return True
        except requests.RequestException:
            pass
        time.sleep(0.2)
    return False


if __name__ == "__main__":
    sys.exit(main(is_demo=sys.argv[1:] == ["demo"]))
