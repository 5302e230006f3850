"""What BookMe is made of, as a software bill of materials: ``bookme sbom``."""

from flask import Flask

from bookme.materials.commands import sbom


def init_app(app: Flask) -> None:
    """Add the command to ``flask``."""
    app.cli.add_command(sbom)
