"""What the operator sees and does: the commands about hosts and what is kept, and ``/operator``."""

from flask import Flask

from bookme.operating.commands import hosts, list_acts, operators_
from bookme.operating.pruning import prune
from bookme.operating.routes import bp

__all__ = ["bp", "init_app"]


def init_app(app: Flask) -> None:
    """Add the commands to ``flask``."""
    for command in (hosts, list_acts, operators_, prune):
        app.cli.add_command(command)
