"""What the operator does to hosts: the commands ``bookme hosts …``."""

from flask import Flask

from bookme.operating.commands import hosts


def init_app(app: Flask) -> None:
    """Add the commands to ``flask``."""
    app.cli.add_command(hosts)
