"""How large a request may be: the few that bring a file may be larger than all others."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def takes(most_bytes: int) -> Callable[[View], View]:
    """Let the decorated view take a file of so many bytes, and some fields beside it.

    The server reads no body as large unless ``running/limits.py`` has the view's path, too.
    """

    def decorated(view: View) -> View:
        vars(view)["most_bytes"] = most_bytes
        return view

    return decorated


def allow() -> None:
    """Raise the limit of the request that begins, if its view takes a file."""
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "most_bytes", 0)
    if most:
        request.max_content_length = most + current_app.config["MAX_CONTENT_LENGTH"]
