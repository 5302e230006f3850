"""``make load``: 500 visitors, ten minutes' worth of thinking squeezed into one, pages and bookings
mixed, one web process killed meanwhile; on SQLite and PostgreSQL, over loopback.

    python -m tests.load                                 both databases, about three minutes
    python -m tests.load --database sqlite --visitors 100 --seconds 20
    python -m tests.load --requests 50000                memory while pages are asked for
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.table import HEAD, line
from tests.databases import Postgres
from tests.load.run import flat, run

DATABASES = ("sqlite", "postgresql")


def main() -> int:
    asked = _asked()
    missed = 0
    for database in [asked.database] if asked.database else DATABASES:
        sys.stdout.write(f"\n{_title(asked)}, {database}\n{HEAD}\n")
        postgres = Postgres() if database == "postgresql" else None
        try:
            with tempfile.TemporaryDirectory(prefix="bookme-load-") as folder:
                url = postgres.empty() if postgres else ""
                if asked.requests:
                    rows = flat(Path(folder), url, asked.requests)
                else:
                    rows = run(Path(folder), url, asked.visitors, asked.seconds, asked.seed)
                for row in rows:
                    missed += row.is_reached is False
                    sys.stdout.write(f"{line(row)}\n")
                    sys.stdout.flush()
        finally:
            if postgres:
                postgres.stop()
    return 1 if missed else 0


def _title(asked: argparse.Namespace) -> str:
    if asked.requests:
        return f"{asked.requests:,} requests"
    return f"{asked.visitors} visitors in {asked.seconds:.0f} s"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--database", choices=DATABASES)
    parser.add_argument("--visitors", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
