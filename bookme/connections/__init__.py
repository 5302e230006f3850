from bookme.connections import calendar_routes  # noqa: F401 - more routes of the same blueprint
from bookme.connections.routes import bp

__all__ = ["bp"]
