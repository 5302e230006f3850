from bookme.bookings.dashboard import request_routes
from bookme.bookings.dashboard.routes import bp

__all__ = ["bp", "request_routes"]
