"""The application for a WSGI server, and for ``flask --app bookme.wsgi``."""

from bookme import create_app, migrating

app = create_app()
migrating.load(app)
