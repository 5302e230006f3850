"""``bookme support-bundle``."""

import json
from pathlib import Path

import click

from bookme import acts, private
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.support import bundle


@click.command("support-bundle")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def support_bundle(path: Path) -> None:
    """Write into one file what somebody who helps needs to know. Read it before you send it.

    Versions, which settings are set (never to what), what the doctor says, how many rows each table
    has, what waits and kinds of errors. No hosts, no bookers, no addresses, no secrets.
    """
    now = utcnow()
    found = bundle.collect(now)
    try:
        private.make_file(path)
        path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
    acts.note("support-bundle", now=now)
    db.session.commit()
    click.echo(f"{path}: read it before you send it.")
