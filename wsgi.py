"""The application for a WSGI server and for ``flask --app wsgi``, from a checkout."""

from bookme.wsgi import app

__all__ = ["app"]
