"""What search engines may keep: the few pages that are for everybody, and no other."""

from flask import Flask, Response, request

#: A schedule's page says more itself, where it isn't on the host's page.
_FOR_ALL = {
    *("public.landing", "public.host", "public.show", "accounts.sign_up"),
    *("help.zoom", "help.calendars", "help.support", "help.privacy", "help.terms"),
}
#: Addresses that are no pages.
_FILES = {"static", "face.picture", "face.accent", "public.card", "public.host_card"}

TEXT = """\
User-agent: *
Disallow: /account
Disallow: /connections
Disallow: /dashboard
Disallow: /*/book?
"""


def init_app(app: Flask) -> None:
    """Bind the rules of this module to an application."""

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response(TEXT, mimetype="text/plain", headers={"Cache-Control": "max-age=86400"})

    @app.after_request
    def keep_out(response: Response) -> Response:
        if request.endpoint not in _FOR_ALL | _FILES or response.status_code >= 400:
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response
