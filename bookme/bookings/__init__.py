from bookme.bookings.dashboard.routes import bp

__all__ = ["bp"]
