from bookme.embedding.routes import bp

__all__ = ["bp"]
