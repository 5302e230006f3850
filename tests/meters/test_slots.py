"""Each process counts in files of its own, which the next one goes on with."""

import os
import stat
from pathlib import Path

import pytest

from bookme.meters import slots
from bookme.meters.slots import FILES, NoSlot, Slots


def other(folder: Path) -> str:
    """The slot that another process gets, which ends at once."""
    reads, writes = os.pipe()
    pid = os.fork()
    if not pid:
        mine = Slots(folder)
        mine.take()
        os.write(writes, mine.name.encode())
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(writes)
    with os.fdopen(reads) as said:
        return said.read()


def test_a_process_has_a_slot_to_itself_and_the_next_one_gets_it(tmp_path: Path) -> None:
    mine = Slots(tmp_path)
    assert mine.begin()
    assert (mine.name, other(tmp_path), other(tmp_path)) == ("0", "1", "1")


def test_a_forked_process_leaves_its_parents_slot_to_it(tmp_path: Path) -> None:
    mine = Slots(tmp_path)
    mine.begin()
    pid = os.fork()
    if not pid:
        mine.take()
        os._exit(int(mine.name))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    assert Slots(tmp_path).begin() is False
    mine.take()
    assert mine.name != "1"


def test_whoever_is_first_begins_anew(tmp_path: Path) -> None:
    first, second = Slots(tmp_path), Slots(tmp_path)
    assert first.begin()
    stale = tmp_path / "counter_0.db"
    stale.write_bytes(b"older")
    assert second.begin() is False
    assert stale.read_bytes() == b"older"
    for one in (first, second):
        os.close(one._held or 0)
    assert Slots(tmp_path).begin()
    assert stale.stat().st_size == FILES["counter"]


def test_files_are_on_the_disk_before_anybody_counts_in_them(tmp_path: Path) -> None:
    """Else a full disk would kill whoever counts."""
    Slots(tmp_path).begin()
    found = {path.name: path.stat() for path in tmp_path.glob("*_0.db")}
    assert {name: one.st_size for name, one in found.items()} == {
        f"{kind}_0.db": size for kind, size in FILES.items()
    }
    assert all(one.st_blocks * 512 >= one.st_size for one in found.values())
    assert all(stat.S_IMODE(one.st_mode) == 0o600 for one in found.values())


def test_without_room_for_files_there_is_no_slot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Slots(tmp_path)
    mine.begin()
    monkeypatch.setattr(slots, "MOST", 1)
    with pytest.raises(NoSlot):
        Slots(tmp_path).take()
    (tmp_path / "gone").mkdir()
    with pytest.raises(OSError, match="No such file"):
        Slots(tmp_path / "nowhere").begin()
