from bookme.feed.routes import bp

__all__ = ["bp"]
