"""What the operator does to hosts, and what is noted of it: ``bookme hosts …``, ``bookme acts``."""

from flask import Flask

from bookme.operating.commands import hosts, list_acts


def init_app(app: Flask) -> None:
    """Add the commands to ``flask``."""
    for command in (hosts, list_acts):
        app.cli.add_command(command)
