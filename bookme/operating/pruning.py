"""``bookme prune``: delete what has been kept for long enough, all of it and now."""

import click
from flask import current_app

from bookme import acts, keeping, wal
from bookme.clock import utcnow
from bookme.extensions import db


@click.command("prune")
@click.option("--dry-run", is_flag=True, help="Only count, and change nothing.")
def prune(dry_run: bool) -> None:
    """Delete what has been kept for long enough, in small steps, while BookMe runs.

    The sweep does the same bit by bit. After a keeping time was shortened, or a backup of long ago
    restored, this does it at once. It may be stopped and run again at any time. What is kept for
    how long stands in docs/operating.md.
    """
    now, total = utcnow(), 0
    for rule in keeping.RULES:
        rows = keeping.count(rule, now) if dry_run else sum(keeping.steps(rule, now))
        total += rows
        click.echo(f"{rows:>8}  {rule.what}, kept {rule.time(current_app.config)}")
    if dry_run:
        click.echo(f"Rows that would be deleted: {total}")
        return
    acts.note("prune", about=f"{total} rows", changed=total > 0, now=now)
    db.session.commit()
    wal.truncate()
    click.echo(f"Rows that were deleted: {total}")
