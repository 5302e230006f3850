"""The sample answers and vectors of the outside world, which the sandbox gives out too."""

import json
from pathlib import Path
from typing import Any

_SANDBOX = Path(__file__).parents[1] / "sandbox"

FIXTURES: dict[str, Any] = json.loads((_SANDBOX / "fixtures.json").read_text())
VECTORS: dict[str, Any] = json.loads((_SANDBOX / "vectors.json").read_text())


def answer(name: str, provider: str = "zoom") -> dict[str, Any]:
    """One sample answer, as ``responses`` takes it."""
    sample = FIXTURES[provider][name]
    return {
        "status": sample["status"],
        "json": sample["body"],
        "headers": sample.get("headers", {}),
    }
