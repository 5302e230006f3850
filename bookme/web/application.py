"""Flask, without its trust in what a request says of itself."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, request
from werkzeug.routing import MapAdapter

from bookme.logs import masked_path


class Application(Flask):
    """The application of BookMe."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Routing and the making of addresses know PUBLIC_URL only, never the Host that was sent: a
        visitor is not led to another site by it (a redirect to the same path with a slash less),
        and one that is no host name at all does no harm.
        """
        if request is None:
            return super().create_url_adapter(None)
        public = urlsplit(self.config["PUBLIC_URL"])
        return self.url_map.bind(
            public.netloc,
            request.root_path,
            url_scheme=public.scheme,
            default_method=request.method,
            path_info=request.path,
            query_args=request.query_string.decode("latin-1"),
        )

    def log_exception(self, exc_info: Any) -> None:
        """As Flask does, but with no token of a path in it."""
        self.logger.error(
            "Exception on %s [%s]", masked_path(request.path), request.method, exc_info=exc_info
        )
