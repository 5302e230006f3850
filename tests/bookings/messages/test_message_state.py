"""Who is told what: the rules, without a database."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookme.bookings.messages.message_state import (
    Told,
    Video,
    last_told,
    left_to_say,
    tell,
    truth,
    video,
)
from bookme.bookings.messages.outbox import MessageKind
from bookme.models import Booking, BookingStatus, Email, EmailState, Meeting, MeetingState, Trouble
from tests.conftest import NOW

HOUR = timedelta(hours=1)
COMING = Told(NOW, NOW + HOUR, video=Video.COMING, link=None)
READY = replace(COMING, video=Video.READY, link="a")
OTHER_LINK = replace(READY, link="b")
NO_LINK = replace(COMING, video=Video.HOST)
MOVED = replace(READY, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
LONGER = replace(READY, ends_at=NOW + 2 * HOUR)
ENDED = replace(READY, status=BookingStatus.CANCELLED)
HELD = replace(COMING, status=BookingStatus.HELD)
PENDING = replace(COMING, status=BookingStatus.PENDING)
PENDING_LATER = replace(PENDING, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
DECLINED = replace(COMING, status=BookingStatus.DECLINED)
LAPSED = replace(COMING, status=BookingStatus.LAPSED)

BOOKED, LINK = MessageKind.BOOKED, MessageKind.LINK
CANCELLED = MessageKind.CANCELLED


@pytest.mark.parametrize(
    ("told", "now_true", "kind"),
    [
        (None, READY, BOOKED),
        (None, MOVED, BOOKED),
        (None, NO_LINK, BOOKED),
        (None, ENDED, None),
        (READY, READY, None),
        (READY, MOVED, MessageKind.MOVED),
        (READY, LONGER, MessageKind.MOVED),
        (COMING, MOVED, MessageKind.MOVED),
        (READY, ENDED, CANCELLED),
        (COMING, ENDED, CANCELLED),
        (ENDED, ENDED, None),
        (ENDED, READY, None),
        (COMING, READY, LINK),
        (NO_LINK, READY, LINK),
        (READY, OTHER_LINK, LINK),
        (READY, COMING, None),
        (None, PENDING, MessageKind.REQUESTED),
        (HELD, PENDING, MessageKind.REQUESTED),
        (HELD, READY, BOOKED),
        (PENDING, PENDING, None),
        (PENDING, PENDING_LATER, MessageKind.MOVED),
        (PENDING, replace(PENDING, video=Video.HOST), None),
        (PENDING, READY, BOOKED),
        (PENDING, MOVED, BOOKED),
        (PENDING, DECLINED, MessageKind.DECLINED),
        (PENDING, LAPSED, MessageKind.LAPSED),
        (PENDING, ENDED, CANCELLED),
        (HELD, LAPSED, MessageKind.LAPSED),
        (None, DECLINED, None),
        (None, LAPSED, None),
        (DECLINED, DECLINED, None),
    ],
)
@pytest.mark.parametrize("to_host", [True, False], ids=["host", "booker"])
def test_a_message_says_what_is_new_to_its_reader(
    told: Told | None, now_true: Told, kind: MessageKind | None, to_host: bool
) -> None:
    assert left_to_say(told, now_true, to_host=to_host) is kind


def test_that_no_link_comes_is_news_for_the_host_only() -> None:
    assert left_to_say(COMING, NO_LINK, to_host=True) is LINK
    assert left_to_say(COMING, NO_LINK, to_host=False) is None
    assert left_to_say(NO_LINK, NO_LINK, to_host=True) is None


def test_what_is_held_for_an_e_mail_address_is_news_for_its_booker_only() -> None:
    assert left_to_say(None, HELD, to_host=False) is MessageKind.CONFIRM
    assert left_to_say(HELD, HELD, to_host=False) is None
    assert left_to_say(None, HELD, to_host=True) is None


@pytest.mark.parametrize(
    ("ended", "status"), [(False, BookingStatus.CONFIRMED), (True, BookingStatus.CANCELLED)]
)
def test_what_was_told_by_an_earlier_version_is_understood(
    ended: bool, status: BookingStatus
) -> None:
    kept = READY.to_json()
    del kept["status"]
    assert Told.from_json(kept | {"ended": ended}) == replace(READY, status=status)


#: What may follow a state; a move changes the time and nothing else.
_FOLLOW = {
    BookingStatus.HELD: [BookingStatus.PENDING, BookingStatus.CONFIRMED],
    BookingStatus.PENDING: [
        *("move", BookingStatus.CONFIRMED, BookingStatus.DECLINED),
        *(BookingStatus.LAPSED, BookingStatus.CANCELLED),
    ],
    BookingStatus.CONFIRMED: ["move", "link", BookingStatus.CANCELLED],
}


def _lived(data: st.DataObject, to_host: bool) -> tuple[list[tuple[MessageKind, Told]], Told]:
    """What a reader heard in a random life of a booking, and what is true at its end. At random
    moments a message may go out; at last one does, if any is left to say.
    """
    first = [BookingStatus.HELD, BookingStatus.PENDING, BookingStatus.CONFIRMED]
    now_true = replace(COMING, status=data.draw(st.sampled_from(first)))
    heard: list[tuple[MessageKind, Told]] = []
    for last in [False] * data.draw(st.integers(0, 8)) + [True]:
        if last or data.draw(st.booleans()):
            kind = left_to_say(heard[-1][1] if heard else None, now_true, to_host=to_host)
            heard += [(kind, now_true)] if kind is not None else []
        if not last and not now_true.ended:
            now_true = _changed(data, now_true)
    return heard, now_true


def _changed(data: st.DataObject, told: Told) -> Told:
    act = data.draw(st.sampled_from(_FOLLOW[told.status]))
    if isinstance(act, BookingStatus):
        return replace(told, status=act)
    if act == "move":
        starts_at = NOW + data.draw(st.integers(0, 2)) * HOUR
        return replace(told, starts_at=starts_at, ends_at=starts_at + HOUR)
    return replace(told, link=data.draw(st.sampled_from("ab")))


@given(st.data(), st.booleans())
def test_over_any_life_each_reader_is_told_what_was_true_and_nothing_twice(
    data: st.DataObject, to_host: bool
) -> None:
    heard, now_true = _lived(data, to_host)
    news = [(told.status, told.starts_at, told.link) for _, told in heard]
    assert all(one != other for one, other in pairwise(news)), "twice the same"
    assert not any(told.ended for _, told in heard[:-1]), "nothing follows an end"
    assert not (to_host and BookingStatus.HELD in [told.status for _, told in heard])
    before = None
    for kind, told in heard:
        assert (kind is _NAMES[told.status]) is (told.status is not before)
        before = told.status
    if heard:
        assert not heard[0][1].ended, "the end of what was never heard of"
        assert heard[-1][1].reads_like(now_true)
    else:
        assert now_true.ended or (to_host and now_true.status is BookingStatus.HELD)


_NAMES = {
    BookingStatus.HELD: MessageKind.CONFIRM,
    BookingStatus.PENDING: MessageKind.REQUESTED,
    BookingStatus.CONFIRMED: MessageKind.BOOKED,
    BookingStatus.CANCELLED: MessageKind.CANCELLED,
    BookingStatus.DECLINED: MessageKind.DECLINED,
    BookingStatus.LAPSED: MessageKind.LAPSED,
}


def test_a_state_survives_being_kept() -> None:
    email = Email(facts={"provider": "zoom"}, maybe_sent=True, state=EmailState.WAITING)
    tell(email, OTHER_LINK, now=NOW)
    assert email.facts["provider"] == "zoom"
    assert last_told([email]) == OTHER_LINK


@pytest.mark.parametrize(
    ("state", "maybe_sent", "counts"),
    [
        (EmailState.SENT, True, True),
        (EmailState.WAITING, True, True),
        (EmailState.DROPPED, True, True),
        (EmailState.FAILED, True, True),
        (EmailState.WAITING, False, False),
        (EmailState.DROPPED, False, False),
        (EmailState.FAILED, False, False),
    ],
)
def test_what_may_have_gone_out_counts_as_told(
    state: EmailState, maybe_sent: bool, counts: bool
) -> None:
    email = Email(facts={}, state=state, maybe_sent=maybe_sent)
    tell(email, READY, now=NOW)
    assert (last_told([email]) == READY) is counts


def test_the_last_thing_told_counts_whatever_its_rows_order() -> None:
    sent = {"state": EmailState.SENT, "maybe_sent": True, "facts": {}}
    first, second = Email(**sent), Email(**sent)
    tell(first, MOVED, now=NOW + HOUR)  # tried again, long after it was owed
    tell(second, READY, now=NOW)
    assert last_told([first, second]) == MOVED
    assert last_told([]) is None


def booking(meeting: Meeting | None, **columns: object) -> Booking:
    defaults = {"starts_at": NOW, "ends_at": NOW + HOUR, "status": BookingStatus.CONFIRMED}
    return Booking(meeting=meeting, **(defaults | columns))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, Video.COMING),
        ({"trouble": Trouble.UNAVAILABLE}, Video.COMING),
        ({"trouble": Trouble.UNKNOWN_OUTCOME}, Video.COMING),
        ({"trouble": Trouble.DAILY_LIMIT}, Video.COMING),
        ({"trouble": Trouble.NOT_CONNECTED}, Video.HOST),
        ({"trouble": Trouble.NEEDS_RECONNECT}, Video.HOST),
        ({"trouble": Trouble.NOT_ALLOWED, "state": MeetingState.FAILED}, Video.HOST),
        ({"trouble": Trouble.REJECTED, "state": MeetingState.FAILED}, Video.HOST),
        ({"join_url": "https://zoom.us/j/1"}, Video.READY),
        ({"join_url": "https://zoom.us/j/1", "trouble": Trouble.NOT_CONNECTED}, Video.READY),
    ],
)
def test_what_can_be_said_of_the_link(columns: dict[str, object], expected: Video) -> None:
    assert video(booking(Meeting(**columns))) is expected


def test_other_appointments_have_no_link() -> None:
    assert video(booking(None)) is Video.NONE
    assert truth(booking(None)).link is None


def test_a_new_passcode_makes_another_link() -> None:
    one, other = (
        truth(booking(Meeting(join_url="https://zoom.us/j/1", passcode=code))).link
        for code in ("1", "2")
    )
    assert one != other
    assert "zoom" not in str(one)


def test_cancelled_declined_and_lapsed_are_ends() -> None:
    ended = {status: truth(booking(None, status=status)).ended for status in BookingStatus}
    assert [status for status in ended if ended[status]] == [
        BookingStatus.CANCELLED,
        BookingStatus.DECLINED,
        BookingStatus.LAPSED,
    ]
