"""Several people who act at the same moment, each in a thread and with a session of their own."""

import threading
from collections.abc import Callable, Sequence

from flask import Flask

from bookme.extensions import db

#: Seconds until everybody is given up.
PATIENCE = 60

#: What somebody does: looks things up, as a route does, and returns what is done with them then.
Act = Callable[[], Callable[[], object]]


def at_once(app: Flask, acts: Sequence[Act]) -> list[str]:
    """Let all act at once, and commit. On PostgreSQL each has looked before anybody acts, so that
    what they know is old; on SQLite a transaction that may write has locked all there is before it
    looks.

    :return: what each raised, by name; empty for who was not refused.
    """
    barrier, raised = threading.Barrier(len(acts), timeout=PATIENCE), [""] * len(acts)
    looks_first = db.engine.dialect.name == "postgresql"

    def run(nth: int) -> None:
        with app.app_context():
            try:
                do = acts[nth]() if looks_first else None
                barrier.wait()
                (do or acts[nth]())()
                db.session.commit()
            except Exception as error:
                raised[nth] = type(error).__name__
            finally:
                db.session.remove()

    db.session.rollback()  # or who asks would keep the others waiting
    threads = [threading.Thread(target=run, args=(nth,)) for nth in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENCE)
    return raised
