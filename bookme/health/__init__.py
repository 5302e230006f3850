from bookme.health.routes import bp

__all__ = ["bp"]
