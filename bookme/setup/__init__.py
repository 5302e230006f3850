"""The set-up: four screens from a confirmed address to a link that can be shared."""

from bookme.setup.routes import bp

__all__ = ["bp"]
