from bookme.help.routes import bp

__all__ = ["bp"]
