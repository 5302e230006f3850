"""``make bench``: each figure beside its yardstick and what is wanted of it.

python -m tests.bench                    all rows but the demo's, about five minutes
python -m tests.bench pages dashboard    only these
python -m tests.bench --demo             also how long `make demo` takes to its first page
"""

import argparse
import sys
from importlib import import_module

#: What to name on the command line: a title, and what yields the rows.
PARTS = {
    "pages": ("What bookers wait for: processor time beside a bare route", "pages:bookers"),
    "dashboard": ("What hosts wait for: processor time beside a bare route", "pages:hosts"),
    "post": ("A booking, committed: processor time beside a bare INSERT route", "posting:figures"),
    "times": ("Open times of 60 days, Mondays to Fridays 9 to 17 in Berlin", "slots:figures"),
    "growth": ("A host with many bookings", "growing:figures"),
    "sync": ("A worker's job: processor time beside RQ's empty job", "syncing:figures"),
    "link": ("The whole, at rest and with bookings: web, workers, sweep, sandbox", "whole:figures"),
    "weight": ("A booker's first visit and next page, as a browser loads them", "weight:figures"),
    "slow": ("The public page beside slow clients, no proxy between", "slow:figures"),
    "burst": ("500 signed events at once", "burst:figures"),
    "demo": ("make demo", "demo:figures"),
}
#: Takes ports that somebody may use, and ten seconds.
ASKED_FOR = {"demo"}


def main() -> int:
    asked = _asked()
    names = asked.rows or [name for name in PARTS if name not in ASKED_FOR]
    names += ["demo"] if asked.demo and "demo" not in names else []
    missed = 0
    from tests.bench.table import HEAD, line

    for name in names:
        title, where = PARTS[name]
        module, _, function = where.partition(":")
        sys.stdout.write(f"\n{title} ({name})\n{HEAD}\n")
        for row in getattr(import_module(f"tests.bench.{module}"), function)():
            missed += row.is_reached is False
            sys.stdout.write(f"{line(row)}\n")
            sys.stdout.flush()
    sys.stdout.write(f"\n{missed} not reached\n")
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "rows", nargs="*", choices=[[], *PARTS], metavar="row", help=", ".join(PARTS)
    )
    parser.add_argument("--demo", action="store_true", help="also `make demo`")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
