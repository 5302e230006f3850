from bookme.bookings.dashboard import booking_for, changes, finding, moving, one, people, today
from bookme.bookings.dashboard.routes import bp

__all__ = ["booking_for", "bp", "changes", "finding", "moving", "one", "people", "today"]
