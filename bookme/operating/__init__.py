"""What the operator does to hosts and to what is kept, and what is noted of it."""

from flask import Flask

from bookme.operating.commands import hosts, list_acts
from bookme.operating.pruning import prune


def init_app(app: Flask) -> None:
    """Add the commands to ``flask``."""
    for command in (hosts, list_acts, prune):
        app.cli.add_command(command)
