from bookme.face.routes import bp

__all__ = ["bp"]
