from bookme.webhooks.routes import bp

__all__ = ["bp"]
