"""The operator's own texts."""

from pathlib import Path

#: A text longer than this is no page.
MOST = 200_000


def own_text(folder: Path, name: str) -> str | None:
    """The operator's own page as HTML, from ``folder/name.html``; None if there is none."""
    path = folder / f"{name}.html"
    try:
        return path.read_text(encoding="utf-8")[:MOST]
    except (FileNotFoundError, NotADirectoryError):
        return None
