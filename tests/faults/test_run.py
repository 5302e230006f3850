"""A short fault run, as a part of ``make test``; ``make faults`` is the long one."""

from pathlib import Path

import pytest

from tests.faults import plan
from tests.faults.acts import SHORT
from tests.faults.run import run
from tests.faults.words import words

SEED = 11


@pytest.mark.timeout(180)
def test_nothing_is_lost_whatever_fails(tmp_path: Path) -> None:
    outcome = run(tmp_path, plan.make(SEED, SHORT), SHORT)
    assert outcome.complaints == [], "\n".join(words(outcome))
    assert len(outcome.seen.bookings) == SHORT.bookings
    assert outcome.done["worker killed"] > 0
    assert any(call["fault"] for call in outcome.seen.calls), "Zoom never failed"
