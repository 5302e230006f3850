"""``make faults``: long runs, one on each database unless one is named.

``--seed`` repeats a run's decisions: what people do and when, what fails how, what is killed when.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.databases import Postgres
from tests.faults import acts, plan
from tests.faults.run import run
from tests.faults.words import words

DATABASES = ("sqlite", "postgresql")


def main() -> int:
    asked = _asked()
    complaints = 0
    for database in [asked.database] if asked.database else DATABASES:
        _say(f"seed {asked.seed}, {asked.bookings} bookings, {database}")
        size = acts.long(asked.bookings)
        plan_ = plan.make(asked.seed, size)
        folder = Path(tempfile.mkdtemp(prefix="bookme-faults-"))
        _say(f"logs under {folder}; trouble lasts {size.seconds:.0f} s, then all comes to rest")
        postgres = Postgres() if database == "postgresql" else None
        try:
            outcome = run(folder, plan_, size, database_url=postgres.empty() if postgres else "")
        finally:
            if postgres:
                postgres.stop()
        for line in words(outcome):
            _say(line)
        complaints += len(outcome.complaints)
    return 1 if complaints else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--bookings", type=int, default=50)
    parser.add_argument("--database", choices=DATABASES)
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
