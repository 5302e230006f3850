from bookme.connections.page import (  # noqa: F401 - more routes of the same blueprint
    calendar_routes,
    consent_routes,
    password_routes,
    replacing_routes,
)
from bookme.connections.page.routes import bp

__all__ = ["bp"]
