"""The command ``bookme`` (from a checkout: ``python -m bookme``): what runs BookMe, and what its
operator does to it. ``flask --app wsgi`` has the same commands but ``run`` and ``demo``.
"""

import sys
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from bookme import create_app, migrating
from bookme.version import VERSION


def _application() -> Flask:
    app = create_app()
    migrating.load(app)
    return app


class _Commands(FlaskGroup):
    """Says in a line that the database can't be used, such as a new one without tables."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            why, *_ = str(error.orig).splitlines()
            raise click.ClickException(
                f"The database can't be used ({why}). `bookme db upgrade` makes its tables."
            ) from error


@click.group(
    cls=_Commands,
    create_app=_application,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
)
@click.version_option(VERSION, prog_name="bookme")
def main() -> None:
    """Appointment schedules, with a video meeting for each booking."""


@main.command("run", with_appcontext=False)
def run() -> None:
    """Run BookMe on what the environment names, until Ctrl-C."""
    from bookme.running.__main__ import main as start

    sys.exit(start(is_demo=False))


@main.command("demo", with_appcontext=False)
def demo() -> None:
    """Run BookMe with a sandbox that stands in for everything outside."""
    from bookme.running.__main__ import main as start

    sys.exit(start(is_demo=True))


# What chooses another application says nothing here.
main.params = [one for one in main.params if one.name == "version"]

if __name__ == "__main__":
    main(prog_name="bookme")
