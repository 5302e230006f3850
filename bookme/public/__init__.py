from bookme.public.routes import bp

__all__ = ["bp"]
