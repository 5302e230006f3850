"""What every response says to browsers, and how a request's transactions begin."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from bookme import database
from bookme.providers.registry import PROVIDERS
from bookme.web import bounds, framing, uploads

#: GETs that write: a callback takes its attempt, and stores a connection or signs somebody in.
_WRITING_GETS = {"connections.callback", "accounts.provider_callback"}


def init_app(app: Flask) -> None:
    """Bind the rules of this module to an application."""
    policy = _content_security_policy(app)
    always = [
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ("Cache-Control", "no-store"),
    ]
    if app.config["PUBLIC_URL"].startswith("https://"):
        always.append(("Strict-Transport-Security", "max-age=31536000"))

    def read_whole() -> None:
        """Nothing begins before the client has sent all of it: no lock waits for a stranger."""
        reads = request.method in ("GET", "HEAD", "OPTIONS")
        database.only_read(True)  # the page of a refusal
        if not reads:
            uploads.allow()
            bounds.refuse_many_fields(request.get_data())  # kept; forms are parsed from it
        database.only_read(reads and request.endpoint not in _WRITING_GETS)

    # Before those of extensions: they look at forms, and whose they are.
    app.before_request_funcs.setdefault(None, []).insert(0, read_whole)

    @app.after_request
    def add_headers(response: Response) -> Response:
        # Looked through once: werkzeug does so for each name that it is asked for.
        said = {name.lower() for name, _ in response.headers}
        headers = [("Content-Security-Policy", "; ".join((policy, *framing.directives()))), *always]
        if frames := framing.older_browsers():
            headers.append(("X-Frame-Options", frames))
        for name, value in headers:
            if name.lower() not in said:
                response.headers.add(name, value)
        return response


def _content_security_policy(app: Flask) -> str:
    """All but what is said of frames. Only our own files; forms may lead to the providers' consent
    pages, since Chromium checks ``form-action`` again for the redirect that answers a form
    (Connect without JavaScript)."""
    pages = {one.consent.page_setting for one in PROVIDERS.values() if one.consent is not None}
    consent = " ".join(sorted({_origin(app.config[name]) for name in pages}))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            f"form-action 'self' {consent}",
            "base-uri 'none'",
        )
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
