from bookme.sharing.routes import bp

__all__ = ["bp"]
