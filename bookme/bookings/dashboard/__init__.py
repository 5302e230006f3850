from bookme.bookings.dashboard import booking_for, changes, finding, people, today
from bookme.bookings.dashboard.routes import bp

__all__ = ["booking_for", "bp", "changes", "finding", "people", "today"]
