"""BookMe: appointment schedules whose bookings get their video meetings by themselves."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from bookme.web.application import Application

FEATURES = (
    "accounts",
    "export",
    "connections",
    "settings",
    "hours",
    "schedules",
    "schedules.links",
    "schedules.ahead",
    "embedding",
    "sharing",
    "face",
    "setup",
    "bookings",
    "feed",
    "numbers",
    "unwanted",
    "report",
    "operating",
    "webhooks",
    "help",
    "health",
    "metrics",
    "styleguide",
    "public",
)


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Make the application from the environment.

    :param overrides: settings that replace those of the environment, for tests.
    :raises config.ConfigError: naming all that is wrong with the environment.
    """
    from bookme import config
    from bookme.web import assets, bounds

    app = Application(__name__)
    app.config.from_mapping({**config.load(), **(overrides or {})})
    import_module("bookme.public.again").init_app(app)
    _proxies(app)
    assets.init_app(app)
    outside(app)
    _extensions(app)
    bounds.init_app(app)
    for feature in FEATURES:
        app.register_blueprint(import_module(f"bookme.{feature}").bp)
    for part in (
        "web.words",
        "web.language_choice",
        "web.security",
        "web.robots",
        "web.security_txt",
        "web.limits",
        "web.trap",
        "web.error_pages",
        "web.filters",
        "web.pieces",
        "web.attributes",
        "web.menu",
        "cli",
        "operating",
        "reviewer",
        "materials",
        "metrics.counting",
        "web.watching",  # the last, around all others
    ):
        import_module(f"bookme.{part}").init_app(app)
    return app


def _proxies(app: Flask) -> None:
    hops = app.config["TRUSTED_PROXIES"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def outside(app: Flask) -> None:
    """Give an application what its settings name: Redis, the queue, the mail server, the keys."""
    from bookme import breaker, crypto, queue
    from bookme.mail import smtp

    pool = breaker.breaker_pool(app.config["REDIS_URL"])
    app.config.setdefault("RATELIMIT_STORAGE_URI", "redis://")  # which server: the pool knows
    app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", {"connection_pool": pool})
    app.extensions["redis_pool"] = pool
    app.extensions["hints"] = app.config.get("HINTS") or queue.Queues(pool)
    app.extensions["mail"] = app.config.get("MAIL_DELIVERY") or smtp.deliver
    app.extensions["keys"] = crypto.KeyRing(app.config["TOKEN_KEYS"])


def _extensions(app: Flask) -> None:
    from bookme import database, extensions, migrating, models  # noqa: F401

    extensions.db.init_app(app)
    migrating.init_app(app)
    request_class = app.request_class
    for extension in (extensions.csrf, extensions.htmx):
        extension.init_app(app)
    app.request_class = request_class
    extensions.login.init_app(app, add_context_processor=False)  # its own asks the database always
    # Nor its cookie, which BookMe has none of: asked after each answer, it made all vary by cookie.
    app.after_request_funcs[None].remove(extensions.login._update_remember_cookie)
    extensions.limiter.init_app(app)
    with app.app_context():
        database.prepare(extensions.db.engine)
