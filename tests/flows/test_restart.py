"""Everything ends, is started again on the same folders, and goes on where it was."""

import pytest

from tests.patience import wait_until
from tests.people import book, letter, move, name_of, new_booker, new_host, subjects
from tests.system import System


def test_all_data_is_where_it_was_after_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    with System(tmp_path_factory.mktemp("restart"), web=1, workers=1) as system:
        host = new_host(system)
        host.connect_zoom()
        offer = host.publish(video_provider="zoom")
        reader, late = new_booker(), new_booker()
        booker = book(offer, reader)
        letter(system, reader, "Confirmed")
        letter(system, host.email, f"New booking: {name_of(reader)}")
        [meeting] = offer.meetings()
        before = system.sandbox.state("users", "grants", "meetings", "mail")
        for worker in system.workers:
            worker.kill()
        book(offer, late)

        system.stop()
        assert not any(part.pids for part in system.parts)
        system.start()

        after = system.sandbox.state("users", "grants", "meetings", "mail")
        assert after["meetings"][: len(before["meetings"])] == before["meetings"]
        assert after["mail"][: len(before["mail"])] == before["mail"]
        assert [one["grants_live"] for one in after["users"]] == [
            one["grants_live"] for one in before["users"]
        ]
        assert "Passcode" in letter(system, late, "Confirmed")["text"]
        assert booker.open(booker.url).links("#meeting a.main") == [meeting["join_url"]]
        assert host.look_at_booking(reader).links("#outside a")[0] == meeting["join_url"]
        start = move(booker.click("Reschedule booking"), nth=2)
        starts = f"{start:%Y-%m-%dT%H:%M:%SZ}"
        wait_until(lambda: starts in [m["start_time"] for m in offer.meetings()], "the new start")
        letter(system, reader, "Rescheduled")
        assert subjects(system, reader) == ["Confirmed", "Rescheduled"]
