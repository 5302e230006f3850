from bookme.connections.routes import bp

__all__ = ["bp"]
