"""What an address may ask for: ids that a column can hold, and text without control characters.

What is beyond that stands for nothing, so it is a 404, before anybody asks a database for it. And
how much an address and a form may hold, before anybody takes them apart.
"""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

from bookme import characters

#: What an INTEGER of PostgreSQL holds.
LARGEST_ID = 2**31 - 1
#: The longest query of an address, in bytes; a host who ticks many times to share has some 4,000.
LONGEST_QUERY = 16 * 1024
#: Fields of a form; the largest of ours, a schedule, has a few hundred.
MOST_FIELDS = 2000


class Id(IntegerConverter):
    """The id of a row, in the rules of addresses (``<int:…>``).

    What no row can have becomes None, and is refused below: to werkzeug a value that it cannot
    convert, at an address with another method too, is a 405.
    """

    def to_python(self, value: str) -> int | None:
        try:
            return row_id(value)
        except ValueError:
            return None


def init_app(app: Flask) -> None:
    """Bind the rules of this module to an application, before it gets any address."""
    app.url_map.converters["int"] = Id

    @app.before_request
    def refuse_what_there_cannot_be() -> None:
        if len(request.query_string) > LONGEST_QUERY:
            abort(400)
        asked = [*(request.view_args or {}).values(), *request.args.values()]
        if any(_is_impossible(value) for value in asked):
            abort(404)


def refuse_many_fields(body: bytes) -> None:
    """End a request with 413 whose form has more fields than any of ours; multipart ones werkzeug
    counts itself.
    """
    if request.mimetype == "application/x-www-form-urlencoded" and body.count(b"&") >= MOST_FIELDS:
        abort(413)


def _is_impossible(value: object) -> bool:
    return value is None or (isinstance(value, str) and characters.has_control(value))


def row_id(text: str) -> int:
    """The id of a row, as an address names it.

    :raises ValueError: if no row can have it.
    """
    if len(text) > len(str(LARGEST_ID)) or not 0 <= int(text) <= LARGEST_ID:
        raise ValueError("no id")
    return int(text)
