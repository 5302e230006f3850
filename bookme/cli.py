"""The command line: ``flask --app wsgi …``."""

import click
from flask import Flask

from bookme import doctor
from bookme.clock import utcnow
from bookme.extensions import db


def init_app(app: Flask) -> None:
    """Add BookMe's commands to ``flask``."""
    for command in (create_host, sweep, check):
        app.cli.add_command(command)


@click.command("create-host")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.option("--handle", default="", help="The public address; made from the name when empty.")
@click.option("--zone", default="UTC", show_default=True)
@click.option("--if-missing", is_flag=True, help="Do nothing if the e-mail is taken.")
@click.password_option(envvar="BOOKME_PASSWORD")
def create_host(
    email: str, name: str, handle: str, zone: str, if_missing: bool, password: str
) -> None:
    """Make a host whose e-mail counts as confirmed."""
    from bookme.accounts import service

    try:
        service.create_host(
            email=email, name=name, handle=handle, zone=zone, password=password, now=utcnow()
        )
    except service.EmailTaken as error:
        if if_missing:
            return
        raise click.ClickException("There is a host with this e-mail already.") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    db.session.commit()
    click.echo(f"{email} can sign in.")


@click.command("sweep")
def sweep() -> None:
    """Run the sweep once and say what it queued."""
    from bookme.jobs.sweep import sweep_once

    click.echo(str(sweep_once(utcnow())))


@click.command("doctor")
def check() -> None:
    """Check the configuration and the reach of everything BookMe needs; exit 1 if something is
    wrong.
    """
    findings = doctor.examine(utcnow())
    for finding in findings:
        click.echo(f"{'ok  ' if finding.good else 'BAD '} {finding.what}: {finding.words}")
    if not all(finding.good for finding in findings):
        raise SystemExit(1)
