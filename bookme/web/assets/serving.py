"""How static files are addressed and sent."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, request, send_from_directory

from bookme.web.assets import vary
from bookme.web.assets.files import TEXTS, Files
from bookme.web.assets.squeeze import WAYS, way

#: What an address with a hash means never changes.
FOR_EVER = "public, max-age=31536000, immutable"
#: A name without: embed.js on other people's sites, and what people type.
FOR_NOW = "public, max-age=600"
#: An old hash, of a page from before an update: today's file, for this once.
NOT_KEPT = "no-cache"

#: What stays as it is in such an address, between double quotes.
_PLAIN = " /:;=,'()"


def init_app(app: Flask) -> None:
    """Have an application's static files addressed and sent this way."""
    files = app.extensions["assets"] = Files(Path(app.static_folder or ""))
    app.view_functions["static"] = _serve

    @app.url_defaults
    def with_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = files.name(values["filename"])

    @app.template_global()
    @cache
    def inline(name: str) -> str:
        """A small picture as an address of its own, for which nobody is asked."""
        return f"data:{TEXTS[Path(name).suffix]},{quote(files.body(name).strip(), safe=_PLAIN)}"


def prepare(app: Flask) -> None:
    """Have all that is sent with pages ready, before processes are forked: it takes a moment."""
    files: Files = app.extensions["assets"]
    for name in ("look.css", "dashboard.css", "booker.js", "host.js", *_vendored(files)):
        for one in WAYS:
            files.squeezed(name, one)


def _vendored(files: Files) -> list[str]:
    return [f"vendor/{path.name}" for path in (files.folder / "vendor").glob("*.js")]


def _serve(filename: str) -> Response:
    files: Files = current_app.extensions["assets"]
    name = files.plain(filename)
    if not files.is_there(name):
        name = filename  # something that only looks as if it had a hash
    if not files.is_there(name):
        abort(404)
    ending = Path(name).suffix
    if ending in TEXTS:
        response = _text(files, name, TEXTS[ending])
    else:
        response = send_from_directory(files.folder, name, conditional=True)
    response.headers["Cache-Control"] = _kept(filename, name, files.name(name))
    return response


def _kept(asked: str, plain: str, hashed: str) -> str:
    """How long the file at an address may be kept."""
    if asked == plain:
        return FOR_NOW
    return FOR_EVER if asked == hashed else NOT_KEPT


def _text(files: Files, name: str, kind: str) -> Response:
    chosen = way(request.accept_encodings)
    response = Response(files.squeezed(name, chosen) if chosen else files.body(name), mimetype=kind)
    response.set_etag(f"{files.digest(name)}{'-' + chosen if chosen else ''}")
    vary.add(response, "Accept-Encoding")
    if chosen:
        response.content_encoding = chosen
    response.make_conditional(request)
    return response
