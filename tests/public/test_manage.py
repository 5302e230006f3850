from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from bookme.bookings import service as bookings
from bookme.extensions import db
from bookme.models import (
    Actor,
    Booking,
    BookingStatus,
    Caller,
    LocationKind,
    MeetingState,
    Trouble,
)
from tests import factories
from tests.public.pages import free_days, hidden, link, offered, soup, text, times

AsHost = Callable[..., FlaskClient]
NOW = factories.NOW
TEN = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)
LINK = "https://zoom.example/j/1?pwd=x"


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's, Tuesday 2027-03-02 at 9:00 UTC, which is 9:00 in Lisbon; /mara/intro."""
    booking: Booking = factories.booking()
    return booking


@pytest.fixture
def here(booking: Booking) -> str:
    return f"/booking/{booking.token}"


def video(**columns: object) -> Booking:
    """A Zoom booking of Ana's, just made."""
    booking: Booking = factories.booking(video_provider="zoom")
    assert booking.meeting is not None
    for name, value in columns.items():
        setattr(booking.meeting, name, value)
    db.session.commit()
    return booking


def test_the_page_says_when_and_where(client: FlaskClient, here: str) -> None:
    words = text(client.get(here))
    assert (
        "Mara Lindqvist Intro call Confirmed Tuesday, 2 March 2027, 09:00–09:30 Lisbon time"
        in words
    )
    assert "Length 30 minutes Where 1 Main Street" in words
    assert "We send messages about this booking to ana@example.com." in words
    assert "Video call" not in words


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"caller": Caller.HOST}, "Phone. Mara Lindqvist will call you on +351 1."),
        ({"caller": Caller.BOOKER, "phone": "+46 2"}, "Phone. Call Mara Lindqvist on +46 2."),
    ],
    ids=["host calls", "booker calls"],
)
def test_the_page_says_who_calls_whom(
    app: Flask, client: FlaskClient, columns: dict[str, object], words: str
) -> None:
    booking = factories.booking(location_kind=LocationKind.PHONE, **columns)
    booking.booker.phone = "+351 1"
    db.session.commit()
    assert words in text(client.get(f"/booking/{booking.token}"))


@pytest.mark.parametrize(
    "path",
    ["", "/reschedule", "/reschedule?at=2027-03-02T10:00:00Z", "/cancel", "/appointment.ics"],
)
def test_a_booking_s_address_is_told_to_nobody(client: FlaskClient, here: str, path: str) -> None:
    page = client.get(here + path)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers


@pytest.mark.both_databases
@pytest.mark.parametrize("path", ["", "/reschedule", "/cancel", "/appointment.ics"])
@pytest.mark.parametrize("token", ["x" * 32, "%00"])
def test_an_unknown_token_is_not_found(
    app: Flask, client: FlaskClient, booking: Booking, token: str, path: str
) -> None:
    page = client.get(f"/booking/{token}{path}")
    assert page.status_code == 404
    assert "Intro call" not in text(page)


def test_a_reference_opens_nothing(client: FlaskClient, booking: Booking) -> None:
    assert client.get(f"/booking/{booking.reference}").status_code == 404


def test_a_link_that_is_there_is_shown(app: Flask, client: FlaskClient) -> None:
    ready = video(state=MeetingState.READY, join_url=LINK, passcode="482913")
    page = client.get(f"/booking/{ready.token}")
    assert link(page, "Join the Zoom call") == LINK
    assert "Passcode: 482913" in text(page)
    assert soup(page).select("[hx-trigger]") == []


def test_a_meeting_left_after_a_disconnect_keeps_its_link(app: Flask, client: FlaskClient) -> None:
    left = video(state=MeetingState.LEFT, join_url=LINK, trouble=Trouble.NOT_CONNECTED)
    assert link(client.get(f"/booking/{left.token}"), "Join the Zoom call") == LINK


@pytest.mark.parametrize(
    ("columns", "words", "polls"),
    [
        ({}, "We’re creating your Zoom link.", True),
        ({"trouble": Trouble.UNAVAILABLE}, "Zoom is taking longer than usual.", True),
        ({"trouble": Trouble.UNKNOWN_OUTCOME}, "Zoom is taking longer than usual.", True),
        ({"trouble": Trouble.NOT_CONNECTED}, "Mara Lindqvist will send you the link.", False),
        ({"trouble": Trouble.NEEDS_RECONNECT}, "Mara Lindqvist will send you the link.", False),
        (
            {"trouble": Trouble.NOT_ALLOWED, "state": MeetingState.FAILED},
            "Mara Lindqvist will send you the link.",
            False,
        ),
    ],
)
def test_while_there_is_no_link_the_page_says_how_it_comes(
    app: Flask, client: FlaskClient, columns: dict[str, object], words: str, polls: bool
) -> None:
    waiting = video(**columns)
    page = client.get(f"/booking/{waiting.token}")
    assert words in text(page)
    asking = soup(page).select("#meeting[hx-trigger='load delay:0.7s']")
    assert [element["hx-get"] for element in asking] == [f"/booking/{waiting.token}?look=1"] * polls


def test_the_page_stops_asking_for_a_link_that_takes_long(app: Flask, client: FlaskClient) -> None:
    waiting = video(trouble=Trouble.UNAVAILABLE)
    waiting.created_at = NOW - timedelta(minutes=2)
    db.session.commit()
    page = client.get(f"/booking/{waiting.token}")
    assert "We’ll send you the link by e-mail." in text(page)
    assert soup(page).select("[hx-trigger]") == []


def test_video_without_a_provider_is_the_host_s_to_send(app: Flask, client: FlaskClient) -> None:
    booking = factories.booking(location_kind=LocationKind.VIDEO)
    page = client.get(f"/booking/{booking.token}")
    assert "Where Video call Video call Mara Lindqvist will send you the link." in text(page)


def test_htmx_asks_for_the_link_alone(app: Flask, htmx: FlaskClient) -> None:
    waiting = video()
    page = htmx.get(f"/booking/{waiting.token}")
    assert soup(page).find()["id"] == "meeting"  # type: ignore[index]
    assert soup(page).select("[hx-trigger]")
    bookings.cancel(waiting, by=Actor.HOST, now=NOW)
    db.session.commit()
    assert soup(htmx.get(f"/booking/{waiting.token}")).select("[hx-trigger]") == []


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (Actor.BOOKER, "You cancelled this booking. Ill"),
        (Actor.HOST, "Mara Lindqvist cancelled this booking. Ill"),
        (Actor.BOOKME, "This booking was cancelled. Ill"),
    ],
)
def test_a_cancelled_booking_says_who_did_it_and_offers_nothing_more(
    client: FlaskClient, booking: Booking, here: str, by: Actor, words: str
) -> None:
    bookings.cancel(booking, by=by, reason="Ill", now=NOW)
    db.session.commit()
    for path in ("", "/reschedule", "/reschedule?at=2027-03-02T10:00:00Z", "/cancel"):
        page = client.get(here + path)
        assert words in text(page)
        assert soup(page).select("form") == []
        assert {a["href"] for a in soup(page).select("main a")} == {"/mara/intro", f"{here}/data"}


def test_what_is_over_says_so_and_offers_nothing_more(app: Flask, client: FlaskClient) -> None:
    over = factories.booking(starts_at=NOW - timedelta(hours=1))
    for path in ("", "/reschedule", "/cancel"):
        page = client.get(f"/booking/{over.token}{path}")
        assert "This appointment is over." in text(page)
        assert soup(page).select("form") == []


def test_a_booking_whose_person_was_erased_still_has_its_page(
    client: FlaskClient, booking: Booking, here: str
) -> None:
    bookings.cancel(booking, by=Actor.HOST, now=NOW)
    bookings.erase_booker(booking.host, "ana@example.com", now=NOW)
    db.session.commit()
    words = text(client.get(here))
    assert "09:00–09:30 UTC" in words
    assert "ana@example.com" not in words


def test_a_booking_is_moved_in_two_steps(
    client: FlaskClient,
    booking: Booking,
    here: str,
    hints: list[tuple[str, tuple[int, ...]]],
) -> None:
    page = client.get(f"{here}/reschedule?day=2027-03-02")
    assert "It’s booked for Tuesday, 2 March 2027, 09:00." in text(page)
    assert times(page)[0] == "09:30"
    present = soup(page).select_one(".time.present")
    assert present is not None
    assert present.get_text(" ", strip=True) == "09:00 Booked time"
    asked = client.get(link(page, "10:00"))
    assert (
        "Booked time Tuesday, 2 March 2027, 09:00–09:30 "
        "New time Tuesday, 2 March 2027, 10:00–10:30 "
        "Time zone Lisbon Length 30 minutes Where 1 Main Street" in text(asked)
    )
    assert booking.starts_at != TEN  # asking moved nothing
    answer = client.post(f"{here}/reschedule", data=hidden(asked))
    assert (answer.status_code, answer.location) == (303, f"{here}?done=2")
    assert booking.starts_at == TEN
    assert booking.events[-1].actor is Actor.BOOKER
    assert hints == [("sync.sync_booking", (booking.id,))]


def test_the_picker_of_a_move_is_in_the_booker_s_zone_and_clock(
    client: FlaskClient, booking: Booking, here: str
) -> None:
    assert booking.booker is not None
    booking.booker.zone, booking.booker.clock_hours = "Asia/Tokyo", 12
    db.session.commit()
    page = client.get(f"{here}/reschedule?month=2027-03")
    assert times(page)[0] == "6:00 pm"
    assert free_days(page)[:3] == [1, 2, 3]
    assert link(page, "2 March") == f"{here}/reschedule?month=2027-03&day=2027-03-02#times"
    assert soup(page).select("[data-zone-link]") == []
    assert link(client.get(link(page, "Change time zone")), "Keep Tokyo")


def test_the_picker_of_a_move_opens_at_the_booked_day(client: FlaskClient, here: str) -> None:
    page = client.get(f"{here}/reschedule")
    assert [day.text for day in soup(page).select("[aria-current=date]")] == ["2"]
    assert "Tuesday, 2 March" in text(page)
    assert "09:00 Booked time" in text(page)
    assert times(page) == ["09:30", "10:00", "10:30", "11:00", "11:30"]


def test_the_booked_day_is_shown_also_when_nothing_else_is_free_on_it(
    client: FlaskClient, booking: Booking, here: str
) -> None:
    booking.schedule.overrides = {"2027-03-02": [[540, 570]]}
    db.session.commit()
    page = client.get(f"{here}/reschedule")
    assert "09:00 Booked time" in text(page)
    assert times(page) == []
    assert link(page, "Next free time: Wednesday, 3 March, 09:00")
    assert 2 not in free_days(page)


def test_a_refused_move_says_why_and_offers_others(
    client: FlaskClient, booking: Booking, here: str
) -> None:
    factories.booking(schedule=booking.schedule, starts_at=TEN)
    for page in (
        client.get(f"{here}/reschedule?at=2027-03-02T10:00:00Z"),
        client.post(f"{here}/reschedule", data={"starts_at": "2027-03-02T10:00:00Z"}),
    ):
        assert "That time was just taken." in text(page)
        assert offered(page) == ["09:00", "09:30", "10:30", "11:00", "11:30"]
    assert page.status_code == 422


def test_a_move_to_no_time_offers_some(client: FlaskClient, here: str) -> None:
    page = client.post(f"{here}/reschedule", data={"starts_at": "soon"})
    assert page.status_code == 422
    assert "Enter a time, such as 09:30." in text(page)
    assert offered(page)


def test_htmx_gets_the_picker_and_the_question_alone(htmx: FlaskClient, here: str) -> None:
    for path, root in (("", "picker"), ("?at=2027-03-02T10:00:00Z", "move")):
        page = htmx.get(f"{here}/reschedule{path}")
        assert soup(page).find()["id"] == root  # type: ignore[index]
    moved = htmx.post(f"{here}/reschedule", data={"starts_at": "2027-03-02T10:00:00Z"})
    assert moved.headers["HX-Redirect"] == f"{here}?done=2"


def test_a_booking_of_a_schedule_switched_off_stands_but_cannot_move(
    client: FlaskClient, booking: Booking, here: str
) -> None:
    booking.schedule.active = False
    db.session.commit()
    page = client.get(f"{here}/reschedule")
    assert "There are no other times at the moment." in text(page)
    assert "Your booking hasn’t changed: Tuesday, 2 March 2027, 09:00 (Lisbon time)." in text(page)
    refused = client.post(f"{here}/reschedule", data={"starts_at": "2027-03-02T10:00:00Z"})
    assert refused.status_code == 422
    assert client.post(f"{here}/cancel").status_code == 303


def test_a_booking_is_cancelled_after_a_question(
    client: FlaskClient,
    booking: Booking,
    here: str,
    hints: list[tuple[str, tuple[int, ...]]],
) -> None:
    assert "Cancel this booking? Tuesday, 2 March 2027, 09:00" in text(client.get(f"{here}/cancel"))
    assert booking.is_confirmed  # asking cancelled nothing
    answer = client.post(f"{here}/cancel", data={"reason": "My knee"})
    assert (answer.status_code, answer.location) == (303, f"{here}?done=2")
    assert booking.status is BookingStatus.CANCELLED
    assert (booking.cancelled_by, booking.cancel_reason) == (Actor.BOOKER, "My knee")
    assert hints == [("sync.sync_booking", (booking.id,))]
    assert client.post(f"{here}/cancel").status_code == 303  # a second click


def test_a_reason_too_long_is_kept_and_named(
    client: FlaskClient, booking: Booking, here: str
) -> None:
    page = client.post(f"{here}/cancel", data={"reason": "x" * 1001})
    assert page.status_code == 422
    assert "Enter at most 1,000 characters." in text(page)
    assert "x" * 1001 in text(page)
    assert booking.is_confirmed


def test_what_ended_meanwhile_is_shown_as_it_is(app: Flask, client: FlaskClient) -> None:
    over = f"/booking/{factories.booking(starts_at=NOW - timedelta(hours=1)).token}"
    for path, sent in (("/cancel", {}), ("/reschedule", {"starts_at": "2027-03-02T10:00:00Z"})):
        page = client.post(over + path, data=sent)
        assert page.status_code == 409
        assert "This appointment is over." in text(page)


def test_the_calendar_file_is_one_that_calendars_take(
    client: FlaskClient, booking: Booking, here: str
) -> None:
    file = client.get(f"{here}/appointment.ics")
    assert file.mimetype == "text/calendar"
    assert file.headers["Content-Disposition"] == "attachment; filename=appointment.ics"
    calendar = Calendar.from_ical(file.data)
    assert calendar["method"] == "PUBLISH"
    [event] = calendar.walk("VEVENT")
    assert event.start == booking.starts_at
    assert booking.reference in event["uid"]


RTL = "\u202eדנה"


def test_a_name_from_right_to_left_reorders_nothing_on_the_booker_s_page(
    client: FlaskClient, booking: Booking, here: str
) -> None:
    booking.host.name = RTL
    booking.location_kind, booking.caller = LocationKind.PHONE, Caller.HOST
    db.session.commit()
    page = soup(client.get(here))
    assert page.title is not None
    assert page.title.text.endswith(" with \u2068\u202eדנה\u202c\u2069")
    assert f"Phone. \u2068{RTL}\u202c\u2069 will call you" in page.text
    asked = soup(client.get(f"{here}/cancel"))
    named = [one.text for one in asked.select("body bdi") if RTL in one.text]
    assert set(named) == {f"{RTL}\u202c"}
    [said] = [one.get_text() for one in asked.select("body")]
    assert len(named) + said.count(f"\u2068{RTL}") == said.count(RTL)


def test_nor_does_a_booker_s_name_on_the_host_s(as_host: AsHost, booking: Booking) -> None:
    assert booking.booker is not None
    booking.booker.name = RTL
    db.session.commit()
    page = soup(as_host(booking.host).get(f"/dashboard/bookings/{booking.reference}"))
    named = [one.text for one in page.select("h1 bdi, .facts bdi")]
    assert named == ["Intro call", f"{RTL}\u202c", f"{RTL}\u202c"]


def test_the_page_asks_for_the_link_later_and_later_and_not_for_ever(
    app: Flask, htmx: FlaskClient
) -> None:
    address, waits = f"/booking/{video().token}", []
    while found := soup(htmx.get(address)).select_one("#meeting[hx-trigger]"):
        waits.append(float(str(found["hx-trigger"]).removeprefix("load delay:")[:-1]))
        address = str(found["hx-get"])
        assert len(waits) < 99
    assert waits[:6] == [0.7, 1, 2, 4, 8, 16]
    assert 120 < sum(waits) < 300
    assert link(htmx.get(address), "Check now") == address.partition("?")[0]


@pytest.mark.parametrize("look", ["-1", "x", "²", "9" * 400, "0.5", ""])
def test_a_look_that_there_is_not_is_the_first(app: Flask, htmx: FlaskClient, look: str) -> None:
    page = htmx.get(f"/booking/{video().token}", query_string={"look": look})
    assert page.status_code == 200


def test_who_is_asked_for_another_time_reads_no_confirmation(
    client: FlaskClient, booking: Booking, here: str
) -> None:
    bookings.ask_to_move(booking, "I am away.", now=NOW)
    db.session.commit()
    words = text(client.get(here))
    assert "Intro call New time needed Mara Lindqvist asks you to pick another time." in words
    assert "Confirmed" not in words


@pytest.mark.parametrize("has_mail", [True, False])
def test_in_a_frame_there_is_no_address_to_keep(
    client: FlaskClient, booking: Booking, here: str, has_mail: bool
) -> None:
    client.application.config["MAIL_CONFIGURED"] = has_mail
    page = client.get(f"{here}?embed=1&theme=dark")
    assert "the address of this page" not in text(page)
    if has_mail:
        assert "To change your booking later, open the link in our e-mail." in text(page)
    else:
        assert link(page, "open your booking") == here
