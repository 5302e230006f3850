"""A hundred jobs at once want the token of one connection.

``python -m tests.faults.rush CONNECTION THREADS`` is one process of it: it says that it is ready,
and begins when it is told to.
"""

import subprocess
import sys
import threading

from tests.processes import ROOT, clean_environment
from tests.system import System

JOBS = 100
_PATIENCE = 60


def rush(system: System, connection_id: int, processes: int) -> list[str]:
    """Let :data:`JOBS` jobs use one connection at once; what each process complains of.

    These processes wait as long as in production, since what is tried is no wait.
    """
    environ = clean_environment() | system.environ | {"WAITS_DIVIDED_BY": "1"}
    command = [sys.executable, "-m", __name__, str(connection_id), str(JOBS // processes)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    log = (system.folder / "log" / "rush.log").open("ab")
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environ, stderr=log, **pipes)
        for _ in range(processes)
    ]
    try:
        for one in running:
            assert one.stdout is not None
            one.stdout.readline()
        return [one.communicate("go\n", timeout=_PATIENCE)[0].strip() for one in running]
    finally:
        for one in running:
            one.kill()
            one.wait()
        log.close()


def main(connection_id: int, threads: int) -> None:
    from bookme import create_app, logs
    from bookme.extensions import db
    from bookme.jobs import refresh

    logs.configure()
    app = create_app()
    gate, failed = threading.Barrier(threads), []

    def job() -> None:
        with app.app_context():
            gate.wait(_PATIENCE)
            try:
                refresh.check_connection(connection_id)
            except Exception as error:
                failed.append(type(error).__name__)
            finally:
                db.session.remove()

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    jobs = [threading.Thread(target=job) for _ in range(threads)]
    for one in jobs:
        one.start()
    for one in jobs:
        one.join()
    sys.stdout.write(f"{' '.join(failed)}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
