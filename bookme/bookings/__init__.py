from bookme.bookings.routes import bp

__all__ = ["bp"]
