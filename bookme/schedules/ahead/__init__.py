"""What of a schedule is free in the time ahead, as its host sees it: also before it is saved."""

from bookme.schedules.ahead.routes import bp

__all__ = ["bp"]
