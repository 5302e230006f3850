from bookme.numbers.routes import bp

__all__ = ["bp"]
