"""How long things are kept: the one place that pages, files and help ask. It takes it from the code
and the settings that keep them.
"""

from collections.abc import Mapping
from typing import Any

from bookme import waits
from bookme.guard import coming, tally
from bookme.report import service as reports

#: In whole days, by what it is that is kept.
BY_CODE: Mapping[str, int] = {
    "confirmation": int((waits.COMPLIANCE_PATIENCE * waits.FACTOR).days),
    "repeat": int((waits.DEAUTHORIZATION_MEMORY * waits.FACTOR).days),
    "networks": coming.ORIGINS_KEPT.days,
    "reports": reports.KEPT.days,
    "counts": tally.KEPT.days,
}


def days(settings: Mapping[str, Any]) -> dict[str, int]:
    """How long things are kept, in whole days."""
    return {
        **BY_CODE,
        "history": settings["KEEP_HISTORY_DAYS"],
        "messages": settings["KEEP_MESSAGES_DAYS"],
    }
