"""What holds whatever the hours, the zone and the plans; :mod:`.oracle` judges where it can."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bookme.availability import Span, open_slots, overlaps, refusal
from tests.availability.oracle import Oracle
from tests.availability.strategies import BOUNDED, Case, cases, midday

LOOKS = st.tuples(st.integers(-4 * 1440, 4 * 1440), st.integers(0, 3 * 1440))


def slots(case: Case, begin: int, length: int) -> list[int]:
    return open_slots(
        case.rules,
        midday(case.around) + begin,
        midday(case.around) + begin + length,
        now=case.now,
        plans=case.plans,
    )


def minutes_of(spans: list[Span]) -> set[int]:
    return {minute for span in spans for minute in range(*span)}


@BOUNDED
@given(cases(), LOOKS)
def test_what_is_open_is_what_the_oracle_refuses_nothing_of(
    case: Case, look: tuple[int, int]
) -> None:
    begin = midday(case.around) + look[0]
    oracle = Oracle(case.rules.hours, case.around)
    taken = minutes_of(case.holds + case.busy)
    expected = [
        start
        for start in range(begin, begin + look[1])
        if oracle.refusal(case, start, taken) is None
    ]
    assert slots(case, *look) == expected


@BOUNDED
@given(cases(), st.randoms(use_true_random=False))
def test_reasons_are_the_oracles(case: Case, random: Random) -> None:
    oracle = Oracle(case.rules.hours, case.around)
    taken = minutes_of(case.holds + case.busy)
    shown = set(slots(case, -4 * 1440, 8 * 1440))
    near = {start + off for start in shown for off in (0, 1, -5, 30)}
    for start in random.sample(sorted(near), min(20, len(near))) + [
        midday(case.around) + random.randrange(-4 * 1440, 4 * 1440) for _ in range(20)
    ]:
        why = refusal(case.rules, start, now=case.now, plans=case.plans)
        assert why == oracle.refusal(case, start, taken)
        if start - midday(case.around) in range(-4 * 1440, 4 * 1440):
            assert (why is None) == (start in shown)


@BOUNDED
@given(cases(), LOOKS, LOOKS)
def test_a_longer_look_shows_the_same(
    case: Case, look: tuple[int, int], more: tuple[int, int]
) -> None:
    begin, length = look
    before, after = abs(more[0]), more[1]
    longer = slots(case, begin - before, before + length + after)
    noon = midday(case.around)
    within = [start for start in longer if noon + begin <= start < noon + begin + length]
    assert slots(case, begin, length) == within


@BOUNDED
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_plans_does_not_matter(case: Case, random: Random) -> None:
    before = slots(case, -5760, 11520)
    for plans in (case.holds, case.busy, case.booked, case.elsewhere):
        random.shuffle(plans)
    assert slots(case, -5760, 11520) == before


@BOUNDED
@given(cases(), st.randoms(use_true_random=False))
def test_bookings_never_overlap_and_never_open_a_time(case: Case, random: Random) -> None:
    rules = case.rules
    made: list[tuple[int, int]] = []
    shown = slots(case, -5760, 11520)
    while shown and len(made) < 6:
        start = random.choice(shown)
        hold = (start - rules.before, start + rules.length + rules.after)
        assert not any(overlaps(hold, other) for other in case.holds + case.busy)
        made.append(hold)
        case.holds.append(hold)
        case.booked.append(start)
        left = slots(case, -5760, 11520)
        assert set(left) < set(shown)
        shown = left
