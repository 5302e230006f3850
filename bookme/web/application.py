"""Flask, without its trust in what a request says of itself."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from htmx_flask import HtmxAwareRequest
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import MapAdapter

from bookme.logs import masked_path
from bookme.web import patterns
from bookme.web.templating import Environment

#: What Flask's own function says of an address, mostly nothing.
_OPTIONS = ("_anchor", "_method", "_scheme", "_external")


class Sessions(SecureCookieSessionInterface):
    """As Flask's; whoever has no cookie has an empty one, for which no keys are made ready. For
    all others that is done once.
    """

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        known = app.extensions.setdefault("cookie_signers", {})
        if app.secret_key not in known:
            known[app.secret_key] = super().get_signing_serializer(app)
        return known[app.secret_key]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if app.secret_key and not request.cookies.get(self.get_cookie_name(app)):
            return self.session_class()
        return super().open_session(app, request)


class Values(ImmutableMultiDict[str, str]):
    """Arguments, fields and cookies; of what isn't there werkzeug makes an error page first."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]
        return super().get(key, default, type) if key in self else default


class AskedRequest(HtmxAwareRequest):
    """htmx-flask's, with such values. That puts its own in this one's place, unless it is kept from
    it.
    """

    parameter_storage_class = Values
    dict_storage_class = Values


class Application(Flask):
    """The application of BookMe."""

    jinja_environment = Environment
    request_class = AskedRequest
    session_interface = Sessions()

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

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """A view or a hook, as it is: none of ours is a coroutine, and Flask would look at each of
        two dozen for every request.
        """
        return func

    def url_for(self, endpoint: str, **how: Any) -> str:
        """As Flask does; but see ``patterns.py``. An address that only depends on what it is asked
        for is made once: that of a static file.
        """
        plain = {name: value for name, value in how.items() if name not in _OPTIONS}
        asks_more = len(plain) < len(how) and any(map(how.get, _OPTIONS))
        if not request or endpoint.startswith(".") or asks_more:
            return super().url_for(endpoint, **how)
        known: patterns.Known = self.extensions.setdefault("known_addresses", {})
        if endpoint == "static":
            key = request.root_path, endpoint, how["filename"]
            if key not in known:
                known[key] = super().url_for(endpoint, **how)
            return known[key]
        self.inject_url_defaults(endpoint, plain)
        return patterns.address(known, self._build, request.root_path, endpoint, plain)

    def _build(self, endpoint: str, values: Mapping[str, Any]) -> str:
        return super().url_for(endpoint, **values)

    def log_exception(self, exc_info: Any) -> None:
        """As Flask does, but with no token of a path in it."""
        self.logger.error(
            "Exception on %s [%s]", masked_path(request.path), request.method, exc_info=exc_info
        )
