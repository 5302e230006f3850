"""Pictures of steps, as ``make help-pictures`` has taken them: known by name and size."""

import json
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "static" / "help"


@lru_cache(maxsize=1)
def sizes() -> dict[str, list[int]]:
    """Width and height of each picture by its name; empty where none were taken."""
    try:
        found: dict[str, list[int]] = json.loads((FOLDER / "pictures.json").read_text())
    except FileNotFoundError:
        return {}
    return found
