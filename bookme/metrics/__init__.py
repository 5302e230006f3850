from bookme.metrics.routes import bp

__all__ = ["bp"]
