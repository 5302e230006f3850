from bookme.hours import off_routes, routes
from bookme.hours.blueprint import bp

__all__ = ["bp", "off_routes", "routes"]
