"""What an answer differs by besides its address, as its header Vary says it."""

from flask import Response


def add(response: Response, name: str) -> None:
    """Say that an answer differs by one of the request's headers. Werkzeug takes the whole header
    apart for it, and puts it together again.
    """
    said = response.headers.get("Vary", "")
    if name not in said.split(", "):
        response.headers["Vary"] = f"{said}, {name}" if said else name
