from bookme.unwanted.routes import bp

__all__ = ["bp"]
