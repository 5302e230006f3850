from bookme.bookings.dashboard import answering
from bookme.bookings.dashboard.routes import bp

__all__ = ["answering", "bp"]
