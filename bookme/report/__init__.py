from bookme.report.routes import bp

__all__ = ["bp"]
