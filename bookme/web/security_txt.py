"""Where to report a hole in this BookMe: ``/.well-known/security.txt`` (RFC 9116)."""

from datetime import timedelta

from flask import Flask, Response, current_app, url_for

from bookme.clock import utcnow

#: The standard recommends less than a year.
_LASTS = timedelta(days=180)


def init_app(app: Flask) -> None:
    @app.get("/.well-known/security.txt")
    def security_txt() -> Response:
        settings = current_app.config
        lines = [
            f"Contact: mailto:{settings['SUPPORT_EMAIL']}",
            f"Contact: {url_for('help.support', _external=True)}",
            f"Expires: {utcnow() + _LASTS:%Y-%m-%dT00:00:00Z}",
            "Preferred-Languages: en",
            f"Policy: {url_for('help.support', _external=True, _anchor='security')}",
            f"Canonical: {url_for('security_txt', _external=True)}",
            "",
        ]
        return Response("\n".join(lines), mimetype="text/plain")
