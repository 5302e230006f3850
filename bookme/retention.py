"""How long things are kept, in whole days, for all pages, files and help that say so. The rules are
in :mod:`bookme.keeping`; what has no rule there is taken from the code that keeps it.
"""

from collections.abc import Mapping
from typing import Any

from bookme import keeping, waits
from bookme.guard import tally

#: In whole days, by what it is that is kept.
BY_CODE: Mapping[str, int] = {
    "confirmation": int((waits.COMPLIANCE_PATIENCE * waits.FACTOR).days),
    "repeat": int((waits.DEAUTHORIZATION_MEMORY * waits.FACTOR).days),
    "counts": tally.KEPT.days,
}


def days(settings: Mapping[str, Any]) -> dict[str, int]:
    """How long things are kept. What is kept for ever, or for less than a day, is left out."""
    ruled = {name: number for name, number in keeping.days(settings).items() if number}
    return {**ruled, **BY_CODE}
