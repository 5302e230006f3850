"""iCloud's answers: errors, and the little XML that it says itself."""

from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from sandbox.answers import Refusal

#: iCloud offers its own scheme first, and only the second works.
CHALLENGE = 'X-MobileMe-AuthToken realm="MMCalDav", Basic realm="MMCalDav"'
_XML = "application/xml; charset=utf-8"
_ABOUT_ITSELF = """<?xml version="1.0" encoding="UTF-8"?>
<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response><href>{0}</href>
<propstat><prop>{1}</prop><status>HTTP/1.1 200 OK</status></propstat>
</response></multistatus>"""


class DavError(Refusal):
    """An error with a precondition's name, or words, in it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(status, {})
        self.words = words

    def response(self) -> Response:  # type: ignore[override]
        body = f'<?xml version="1.0"?><error xmlns="DAV:">{escape(self.words)}</error>'
        response = Response(body, self.status, content_type=_XML)
        if self.status == 401:
            response.headers["WWW-Authenticate"] = CHALLENGE
        return response


def about(path: str, name: str, href: str) -> Response:
    """A multistatus that says one address.

    :param name: of the property, such as ``C:calendar-home-set``.
    """
    said = f"<{name}><href>{escape(href)}</href></{name}>"
    return Response(_ABOUT_ITSELF.format(escape(path), said), 207, content_type=_XML)
