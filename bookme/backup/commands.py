"""``bookme backup`` and ``bookme restore``."""

from pathlib import Path

import click
from flask import current_app

from bookme import acts
from bookme.backup import service
from bookme.backup.archive import BadBackup, Manifest
from bookme.clock import utcnow
from bookme.database import reading
from bookme.extensions import db


@click.command("backup")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), required=False)
def backup(path: Path | None) -> None:
    """Copy all that BookMe keeps into one file, while it runs, and verify the copy.

    Without PATH it goes into the state folder. The keys are not in it: keep TOKEN_KEYS and
    SECRET_KEY elsewhere.
    """
    now = utcnow()
    if path is None:
        path = current_app.config["STATE_DIR"] / f"backup-{now:%Y%m%d-%H%M%S}.tar.gz"
    try:
        with reading():
            manifest = service.make(path, now)
    except (BadBackup, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{path}: {_said(manifest)}")


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also where there are hosts already.")
@click.option("--check", is_flag=True, help="Only read the backup, and say what is in it.")
def restore(path: Path, replace: bool, check: bool) -> None:
    """Put a backup in the place of the database. Stop BookMe first."""
    now = utcnow()
    try:
        if check:
            click.echo(f"{path}: {_said(service.look(path))}")
            return
        with reading():
            running, used = service.is_running(now), service.has_hosts()
        if running:
            raise BadBackup("BookMe runs. Stop its processes, wait a minute, and try again.")
        if used and not replace:
            raise BadBackup("There are hosts here already. Say --replace to put the backup there.")
        manifest = service.restore(path, now=now, say=click.echo)
    except (BadBackup, OSError) as error:
        raise click.ClickException(str(error)) from error
    acts.note("restore", about=f"made {manifest.made_at:%Y-%m-%d %H:%M} UTC", now=now)
    db.session.commit()
    click.echo(f"Restored: {_said(manifest)}")


def _said(manifest: Manifest) -> str:
    rows = manifest.rows
    return (
        f"{manifest.kind} of {manifest.made_at:%Y-%m-%d %H:%M} UTC, tables at {manifest.revision}, "
        f"{rows.get('user', 0)} hosts, {rows.get('booking', 0)} bookings, "
        f"sealed by {', '.join(manifest.keys)}"
    )
