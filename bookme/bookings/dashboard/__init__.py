from bookme.bookings.dashboard import booking_for, changes, finding, moving, one, people
from bookme.bookings.dashboard.routes import bp

__all__ = ["booking_for", "bp", "changes", "finding", "moving", "one", "people"]
