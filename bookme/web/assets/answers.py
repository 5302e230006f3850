"""Pages and other answers that are text, compressed on their way out.

Not those that are sent piece by piece: nobody would see a piece before the last. Why it is safe to
compress what holds a secret stands in docs/architecture.md.
"""

from flask import Flask, Response, request

from bookme.web.assets import vary
from bookme.web.assets.squeeze import squeeze, way

#: With less than this, the headers are most of it.
LEAST_BYTES = 500
_KINDS = {"application/json", "image/svg+xml"}


def init_app(app: Flask) -> None:
    """Have an application's answers compressed, after all that others do to them."""
    app.after_request_funcs.setdefault(None, []).insert(0, _on_its_way)


def way_of_request() -> str | None:
    """The best way of compressing that the client understands, if any."""
    return way(request.accept_encodings)


def compress(response: Response) -> Response:
    """Compress an answer as its client understands it, unless it is compressed already."""
    if not _is_text(response) or response.content_encoding:
        return response
    vary.add(response, "Accept-Encoding")
    chosen = way_of_request()
    if chosen is None or response.status_code in (204, 206, 304):
        return response
    body = response.get_data()
    if len(body) >= LEAST_BYTES:
        response.set_data(squeeze(body, chosen))
        response.content_encoding = chosen
        _weaken(response)
    return response


def _on_its_way(response: Response) -> Response:
    if response.mimetype == "text/html":
        vary.add(response, "Cookie")  # for who is there, their zone and their language
    return compress(response)


def _is_text(response: Response) -> bool:
    kind = response.mimetype or ""
    is_whole = not response.is_streamed and not response.direct_passthrough
    return is_whole and (kind.startswith("text/") or kind in _KINDS)


def _weaken(response: Response) -> None:
    """A strong tag promises the same bytes, and these have others."""
    tag, is_weak = response.get_etag()
    if tag is not None and not is_weak:
        response.set_etag(tag, weak=True)
