"""Who is told what: the rules, without a database."""

from dataclasses import replace
from datetime import timedelta

import pytest

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
COMING = Told(NOW, NOW + HOUR, ended=False, video=Video.COMING, link=None)
READY = replace(COMING, video=Video.READY, link="a")
OTHER_LINK = replace(READY, link="b")
NO_LINK = replace(COMING, video=Video.HOST)
MOVED = replace(READY, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
LONGER = replace(READY, ends_at=NOW + 2 * HOUR)
ENDED = replace(READY, ended=True)

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


def test_cancelled_and_declined_are_ends() -> None:
    ended = {status: truth(booking(None, status=status)).ended for status in BookingStatus}
    assert [status for status in ended if ended[status]] == [
        BookingStatus.CANCELLED,
        BookingStatus.DECLINED,
        BookingStatus.LAPSED,
    ]
