"""A seed decides all of a run, and the plan can be carried out."""

from contextlib import closing
from pathlib import Path

import pytest

from sandbox import faults, store
from tests.faults import acts, calendar_storms, plan, storms
from tests.faults.breaking import Breaking
from tests.faults.owners import Owners
from tests.faults.people import People

VERBS = {"book", "book_soon", "move", "move_as_host", "cancel", "cancel_as_host"}
VERBS |= {"accept", "decline", "prove", "run_out", "remind", "lose_at_zoom", "lose_entry"}
VERBS |= {"book_now", "finish", "leave", "use_again", "try_revoked"}
FIRST = ("book", "book_soon", "book_now", "try_revoked")
SIZES = {"short": acts.SHORT, "long": acts.long(50)}


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> acts.Size:
    return SIZES[request.param]


def test_the_same_seed_makes_the_same_plan(size: acts.Size) -> None:
    assert plan.make(5, size) == plan.make(5, size)
    assert plan.make(5, size) != plan.make(6, size)


@pytest.mark.parametrize("seed", range(20))
def test_a_booking_is_made_first_and_cancelled_last(size: acts.Size, seed: int) -> None:
    people = plan.make(seed, size).people
    for number in range(size.bookings):
        mine = [act.do for act in people if act.number == number and act.do in VERBS]
        assert mine[0] in FIRST
        assert not any(do.startswith("cancel") for do in mine[:-1])


@pytest.mark.parametrize("seed", range(20))
def test_a_run_has_some_of_everything(size: acts.Size, seed: int) -> None:
    people = plan.make(seed, size).people
    done = {act.do for act in people}
    assert done >= {"book", "book_soon", "accept", "decline", "prove", "run_out", "remind"}
    assert done >= {"book_now", "finish", "use_again", "try_revoked"}
    assert any(act.given.get("guests") for act in people)


@pytest.mark.parametrize("seed", range(20))
def test_somebody_carries_out_every_act_in_time(size: acts.Size, seed: int) -> None:
    made = plan.make(seed, size)
    doers = ((made.people, People), (made.owners, Owners), (made.trouble, Breaking))
    for done, doer in doers:
        assert all(callable(getattr(doer, act.do)) for act in done)
        assert [act.at for act in done] == sorted(act.at for act in done)
        assert all(0 <= act.at <= size.seconds for act in done)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_killed_or_stopped_comes_back(size: acts.Size, seed: int) -> None:
    trouble = [act.do for act in plan.make(seed, size).trouble]
    for part in ("worker", "sweep", "web"):
        assert trouble.count(f"kill_{part}") == trouble.count(f"start_{part}")
    ends = trouble.count("start_redis") + trouble.count("start_empty_redis")
    assert trouble.count("stop_redis") == ends
    assert trouble.count("freeze_redis") == trouble.count("thaw_redis")


def test_a_storm_gives_every_error_that_may_pass(tmp_path: Path) -> None:
    sandbox = store.Store(tmp_path / "sandbox.sqlite")
    with closing(sandbox), sandbox.write() as db:
        for rule in storms.rules(0.75, 1, 0.3):
            faults.add(db, rule)
        hits = {
            operation: [faults.take(db, operation) for _ in range(1000)]
            for operation in ("create", "update", "delete", "list", "get", "token.refresh")
        }
    for operation in ("create", "update", "delete", "list", "get"):
        failed = sum(hit is not None for hit in hits[operation])
        assert 700 < failed < 820, f"three of four, and what is final besides: {operation}"
    labels = {hit.label for found in hits.values() for hit in found if hit}
    assert {"reset-after", "timeout-after", "cut-body", "html-200", "wrong-types"} <= labels
    assert labels >= storms.GIVEN
    assert not labels & storms.TRUE_ONLY


def test_a_storm_gives_every_error_of_calendars_that_may_pass(tmp_path: Path) -> None:
    sandbox = store.Store(tmp_path / "sandbox.sqlite")
    busy = ["google.events.insert", "google.events.patch", "microsoft.events.create", "icloud.put"]
    refreshes = ["google.token.refresh", "microsoft.token.refresh"]
    with closing(sandbox), sandbox.write() as db:
        for rule in calendar_storms.rules(0.75, 1, 0.3):
            faults.add(db, rule)
        hits = {
            operation: [faults.take(db, operation) for _ in range(1000)]
            for operation in (*busy, *refreshes)
        }
    for operation in busy:
        failed = sum(hit is not None for hit in hits[operation])
        assert 700 < failed < 820, f"three of four: {operation}"
    found = [hit for all_of_one in hits.values() for hit in all_of_one if hit]
    labels = {hit.label for hit in found}
    assert {"reset-after", "timeout-after", "cut-body", "html-200", "wrong-types"} <= labels
    assert labels >= calendar_storms.GIVEN
    assert not labels & calendar_storms.TRUE_ONLY
    assert {hit.headers["Retry-After"] for hit in found if hit.label == "microsoft.429"} == {"1"}
