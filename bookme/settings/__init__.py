from bookme.settings.routes import bp

__all__ = ["bp"]
