"""The operator's own texts, and the facts that the default ones state."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bookme import waits

#: How long things are kept, in whole days, from the code that keeps them.
RETENTION = {
    "confirmation": int((waits.COMPLIANCE_PATIENCE * waits.FACTOR).days),
    "repeat": int((waits.DEAUTHORIZATION_MEMORY * waits.FACTOR).days),
}


def retention(settings: Mapping[str, Any]) -> dict[str, int]:
    """How long things are kept, in whole days: by the code that keeps them, and by the settings."""
    return {
        **RETENTION,
        "history": settings["KEEP_HISTORY_DAYS"],
        "messages": settings["KEEP_MESSAGES_DAYS"],
    }


#: A text longer than this is no page.
MOST = 200_000


def own_text(folder: Path, name: str) -> str | None:
    """The operator's own page as HTML, from ``folder/name.html``; None if there is none."""
    path = folder / f"{name}.html"
    try:
        return path.read_text(encoding="utf-8")[:MOST]
    except (FileNotFoundError, NotADirectoryError):
        return None
