from bookme.styleguide.routes import bp

__all__ = ["bp"]
