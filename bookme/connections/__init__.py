from bookme.connections.page import calendar_routes  # noqa: F401 - more routes of the same blueprint
from bookme.connections.page.routes import bp

__all__ = ["bp"]
