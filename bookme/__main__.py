"""The command ``bookme`` (from a checkout: ``python -m bookme``): what runs BookMe, and what its
operator does to it. ``flask --app wsgi`` has the same commands but ``run`` and ``demo``.
"""

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup

from bookme import create_app, migrating
from bookme.version import VERSION


def _application() -> Flask:
    app = create_app()
    migrating.load(app)
    return app


@click.group(
    cls=FlaskGroup,
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
