from bookme.schedules.links.routes import bp

__all__ = ["bp"]
