"""Flask-Migrate, loaded once it is asked for: Alembic takes a tenth of a process's start, and few
processes migrate.
"""

from pathlib import Path
from typing import Any

from flask import Flask

FOLDER = Path(__file__).with_name("migrations")


class OnceAsked:
    """Stands at ``app.extensions["migrate"]`` until something of Flask-Migrate's is wanted."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        return getattr(load(self._app), name)


def init_app(app: Flask) -> None:
    app.extensions["migrate"] = OnceAsked(app)


def load(app: Flask) -> Any:
    """Bind Flask-Migrate to an application, with its command ``flask db``."""
    from flask_migrate import Migrate

    from bookme.extensions import db
    from bookme.models import types

    Migrate(app, db, directory=str(FOLDER), render_item=types.render_item)
    return app.extensions["migrate"]
