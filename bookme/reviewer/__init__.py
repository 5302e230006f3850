"""An account in which somebody who reviews this BookMe can try everything: ``bookme reviewer``."""

from flask import Flask

from bookme.reviewer.commands import reviewer


def init_app(app: Flask) -> None:
    """Add the command to ``flask``."""
    app.cli.add_command(reviewer)
