"""A short fault run, as a part of ``make test``; ``make faults`` is the long one."""

from pathlib import Path

import pytest

from tests.faults import plan
from tests.faults.acts import SHORT
from tests.faults.run import run
from tests.faults.words import words

SEED = 187
#: What happens in it at least once.
SOME_OF_EACH = (
    *(
        "moved",
        "moved by the host",
        "cancelled",
        "accepted",
        "declined",
        "time ran out: lapsed",
        "time ran out: gone",
    ),
    *("e-mail address confirmed", "booked by the host", "reminded by hand", "worker killed"),
    *("appointment over", "guest left", "link used again", "link revoked"),
)


@pytest.mark.timeout(180)
def test_nothing_is_lost_whatever_fails(tmp_path: Path) -> None:
    outcome = run(tmp_path, plan.make(SEED, SHORT), SHORT)
    assert outcome.complaints == [], "\n".join(words(outcome))
    seen, done = outcome.seen, outcome.done
    gone = done["time ran out: gone"] + done["link revoked"]
    assert len(seen.bookings) == SHORT.bookings - gone
    assert [what for what in SOME_OF_EACH if not done[what]] == []
    assert any(one.guests and one.was_confirmed for one in seen.bookings)
    for timing in (".before_start.", ".after_end."):
        assert any(timing in mail["message_id"] for mail in seen.mail)
    assert any(call["fault"] for call in seen.calls), "Zoom never failed"
