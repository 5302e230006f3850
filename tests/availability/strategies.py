"""What the properties are tried with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bookme.availability import Dates, Hours, Limit, Plans, Rules, Span, Window, to_minutes
from tests.availability.saying import week, windows
from tests.examples import examples

#: What each property is tried with.
BOUNDED = examples(100)

#: Zones around a day on which their clocks do something, or on which they don't.
PLACES = [
    ("Europe/Berlin", "2027-03-28"),
    ("Europe/Berlin", "2027-10-31"),
    ("America/New_York", "2028-02-29"),  # leap day, clocks change twelve days later
    ("America/Havana", "2027-03-14"),  # the gap begins at midnight
    ("America/Havana", "2027-11-07"),  # midnight happens twice
    ("America/St_Johns", "2010-11-07"),  # yesterday again, from 00:01
    ("America/Sao_Paulo", "2018-02-18"),  # back at the end of the day
    ("Australia/Lord_Howe", "2027-04-04"),  # half an hour
    ("Australia/Lord_Howe", "2027-10-03"),
    ("Asia/Kathmandu", "2027-06-01"),  # +05:45
    ("Pacific/Apia", "2011-12-30"),  # a day that never was
    ("Pacific/Kwajalein", "1993-08-21"),  # another
]

_NEVER_CLOSED = [
    week("00:00-24:00"),
    week("08:00-20:00 20:00-08:00"),
    week("00:10-00:00 23:50-00:20"),
]
_WEEKS = [
    week("22:00-02:00"),
    week(*["09:00-17:00"] * 5, "", ""),
    week(*["00:00-24:00"] * 6, "00:00-23:00"),
    week("00:00-02:30 03:00-24:00"),
    week("02:15-02:45 23:30-00:30"),
]


@dataclass(frozen=True)
class Case:
    """A schedule, a host's plans, and a time of looking at them."""

    around: date
    rules: Rules
    now: int
    holds: list[Span]
    busy: list[Span]
    booked: list[int]
    elsewhere: list[int]
    held: int

    @property
    def plans(self) -> Plans:
        booked_of_host = self.booked + self.elsewhere
        return Plans(self.holds + self.busy, self.booked, booked_of_host, self.held)


_opens = st.one_of(
    st.sampled_from([0, 30, 60, 120, 150, 540, 720, 1320, 1410]), st.integers(0, 1439)
)
_closes = st.one_of(st.sampled_from([0, 30, 150, 180, 720, 1380, 1440]), st.integers(0, 1440))
_day = st.lists(st.builds(Window, _opens, _closes), max_size=2).map(tuple)
_weeks = st.one_of(st.sampled_from(_NEVER_CLOSED), st.sampled_from(_WEEKS), st.tuples(*[_day] * 7))
_override = st.one_of(st.just(()), st.just(windows("00:00-24:00")), _day)


def _limits(zone: str) -> st.SearchStrategy[Limit]:
    return st.builds(
        Limit,
        st.just(ZoneInfo(zone)),
        st.sampled_from([None, None, 1, 2]),
        st.sampled_from([None, None, 1, 3]),
    )


def _dates(around: date) -> st.SearchStrategy[Dates]:
    """Some days, of which one may be that on which clocks do something."""
    days = st.integers(-4, 4).map(lambda off: around + timedelta(days=off))
    return st.tuples(days, days).map(lambda ends: Dates(min(ends), max(ends)))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone, on = draw(st.sampled_from(PLACES))
    around = date.fromisoformat(on)
    offsets = st.integers(-6, 6).map(lambda days: around + timedelta(days=days))
    rules = Rules(
        hours=Hours(
            week=draw(_weeks),
            overrides=draw(st.dictionaries(offsets, _override, max_size=5)),
            zone=ZoneInfo(zone),
        ),
        length=draw(st.sampled_from([5, 30, 45, 60, 240, 1440])),
        step=draw(st.sampled_from([5, 15, 30, 50, 60, 480])),
        before=draw(st.sampled_from([0, 0, 10, 90])),
        after=draw(st.sampled_from([0, 0, 15, 120])),
        notice=draw(st.sampled_from([0, 0, 60, 1440])),
        horizon=draw(st.one_of(st.sampled_from([1, 2, 14]), _dates(around))),
        limit=draw(_limits(zone)),
        host_limit=draw(st.sampled_from(PLACES).flatmap(lambda place: _limits(place[0]))),
        max_per_booker=draw(st.sampled_from([None, None, None, 2])),
    )
    noon = midday(around)
    minutes = st.integers(noon - 4 * 1440, noon + 4 * 1440)
    plans = st.lists(
        st.tuples(minutes, st.integers(0, 300)).map(lambda plan: (plan[0], sum(plan))), max_size=6
    )
    return Case(
        around=around,
        rules=rules,
        now=noon - draw(st.integers(-1440, 4 * 1440)),
        holds=draw(plans),
        busy=draw(plans),
        booked=draw(st.lists(minutes, max_size=4)),
        elsewhere=draw(st.lists(minutes, max_size=4)),
        held=draw(st.sampled_from([0, 0, 1, 2])),
    )


def midday(on: date) -> int:
    return to_minutes(datetime.combine(on, time(12), UTC))
