from bookme.schedules.routes import bp

__all__ = ["bp"]
