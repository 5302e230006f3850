from bookme.export.routes import bp

__all__ = ["bp"]
