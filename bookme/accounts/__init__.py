from bookme.accounts.routes import bp

__all__ = ["bp"]
