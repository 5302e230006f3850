"""Which BookMe this is."""

from importlib import metadata


def version() -> str:
    """The version of the package that is installed."""
    try:
        return metadata.version("bookme")
    except metadata.PackageNotFoundError:
        return "from a checkout"
