"""What a stranger can have sent to somebody, and what that may not keep its owner from."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme import addresses
from bookme.extensions import db
from bookme.models import Attendee, Booking, Email, Tally, User
from tests import factories
from tests.accounts import steps
from tests.factories import NOW, PASSWORD
from tests.public.pages import book, text

ALL_DAY = [[[0, 1440]]] * 7


def to(address: str) -> int:
    """How many messages are owed to a person of bookings."""
    query = sa.select(sa.func.count()).select_from(Email).join(Email.attendee)
    return db.session.scalar(query.where(Attendee.email == address)) or 0


def start(number: int) -> str:
    return f"{NOW + timedelta(days=1, minutes=30 * number):%Y-%m-%dT%H:%M:%SZ}"


def key(number: int) -> str:
    return f"{number:032x}"


def booked(client: FlaskClient, number: int, **fields: str) -> TestResponse:
    return book(client, start(number), form_key=key(number), **fields)


@pytest.fixture
def schedule(app: Flask) -> object:
    return factories.schedule(week=ALL_DAY)


def browser(app: Flask, address: str = "203.0.113.9") -> FlaskClient:
    """Somebody else's."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


#: One mailbox, as forms take it.
SPELLINGS = [
    "ana@example.com",
    "ANA@Example.com",
    "\u202aana@example.com\u202c",
    "ana@\uff45xample.com",
    "ana@\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.com",
    "ana\u2066@example.com",
    "ana+shop@example.com",
    "ana+x@EXAMPLE.com",
    "ana@example\u3002com",
]


@pytest.mark.usefixtures("schedule")
def test_no_spelling_of_an_address_gets_more_than_ten_bookings_a_day(client: FlaskClient) -> None:
    answers = [booked(client, n, email=SPELLINGS[n % len(SPELLINGS)]) for n in range(25)]
    assert Counter(one.status_code for one in answers) == {303: 10, 429: 15}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Booking)) == 10
    last = answers[-1]
    assert "has had too many messages today" in text(last)
    assert 'value="Ana Costa"' in last.text
    assert int(last.headers["Retry-After"]) > 3600


@pytest.mark.usefixtures("schedule")
def test_a_day_later_there_is_room_again(client: FlaskClient) -> None:
    for n in range(10):
        booked(client, n)
    assert booked(client, 11).status_code == 429
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        later = f"{NOW + timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}"
        assert book(client, later, form_key=key(99)).status_code == 303


@pytest.mark.usefixtures("schedule")
def test_guests_are_counted_as_bookers_are(client: FlaskClient) -> None:
    answers = [
        booked(client, n, email=f"b{n}@example.com", guests="Vic <victim@example.com>")
        for n in range(12)
    ]
    assert [one.status_code for one in answers] == [303] * 10 + [429] * 2
    assert "victim@example.com has had too many messages" in text(answers[-1])
    assert to("victim@example.com") == 10


def test_all_hosts_together_send_ten(client: FlaskClient) -> None:
    for n in range(4):
        host = factories.host(another=True)
        host.handle = f"host{n}"
        factories.schedule(host=host, week=ALL_DAY)
    answers = [book(client, start(n), to=f"/host{n % 4}/intro", form_key=key(n)) for n in range(12)]
    assert [one.status_code for one in answers].count(303) == 10


@pytest.mark.usefixtures("schedule")
def test_a_refused_booking_uses_up_nothing(client: FlaskClient) -> None:
    for n in range(9):
        booked(client, n)
    for _ in range(5):
        assert book(client, start(0), form_key=key(50)).status_code == 422  # taken
    assert booked(client, 20).status_code == 303


@pytest.mark.usefixtures("schedule")
def test_moving_one_booking_back_and_forth_ends(client: FlaskClient) -> None:
    address = booked(client, 0).location
    assert address is not None
    token = address.partition("?")[0]
    answers = []
    for minute in range(30):
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            at = {"starts_at": start(1 + minute)}
            answers.append(client.post(f"{token}/reschedule", data=at))
    assert [one.status_code for one in answers].count(303) == 9
    assert to("ana@example.com") == 10
    told = sa.select(sa.func.count()).where(Email.user_id.is_not(None))
    assert db.session.scalar(told) == 10
    assert "rescheduled too often today" in text(answers[-1])


@pytest.mark.usefixtures("schedule")
def test_cancelling_is_always_possible_and_its_mail_waits_for_room(client: FlaskClient) -> None:
    pages = [booked(client, n).location for n in range(10)]
    for page in pages:
        assert page is not None
        answer = client.post(page.partition("?")[0] + "/cancel", data={"reason": ""})
        assert answer.status_code == 303
    owed = db.session.scalars(
        sa.select(Email).where(Email.kind == "cancelled", Email.attendee_id.is_not(None))
    ).all()
    assert len(owed) == 10
    assert all(one.not_before is not None and one.not_before > NOW for one in owed)
    hosts = sa.select(Email).where(Email.kind == "cancelled", Email.user_id.is_not(None))
    assert [one.not_before for one in db.session.scalars(hosts)] == [None] * 10
    with time_machine.travel(NOW + timedelta(hours=20), tick=False):
        assert booked(client, 30).status_code == 429


def test_a_host_who_cancels_fifty_bookings_has_everybody_told(
    app: Flask, as_host: object, host: User
) -> None:
    schedule = factories.schedule(host=host, week=ALL_DAY)
    made = [
        factories.booking(schedule=schedule, starts_at=NOW + timedelta(days=1, minutes=30 * n))
        for n in range(50)
    ]
    client = as_host(host)  # type: ignore[operator]
    for one in made:
        answer = client.post(f"/dashboard/bookings/{one.reference}/cancel", data={"reason": ""})
        assert answer.status_code == 303
    owed = db.session.scalars(sa.select(Email).where(Email.attendee_id.is_not(None))).all()
    assert [(one.kind, one.not_before) for one in owed] == [("cancelled", None)] * 50


def test_password_resets_in_many_spellings_leave_the_owner_theirs(
    app: Flask, client: FlaskClient
) -> None:
    factories.host()
    steps.sign_in(client, "mara@example.com")
    client.post("/sign-out")
    stranger = browser(app)
    spellings = [one.casefold().replace("ana", "mara") for one in SPELLINGS]
    answers = []
    for minute in range(40):
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            form = {"email": spellings[minute % len(spellings)]}
            answers.append(stranger.post("/forgot-password", data=form).status_code)
    assert answers.count(303) == 5
    before = steps.kinds().count("reset_password")
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        asked = client.post("/forgot-password", data={"email": "mara@example.com"})
        assert asked.status_code == 303
    assert steps.kinds().count("reset_password") == before + 1


def test_many_strangers_use_up_their_own_share_only(app: Flask, client: FlaskClient) -> None:
    factories.host()
    steps.sign_in(client, "mara@example.com")
    client.post("/sign-out")
    for n in range(30):
        browser(app, f"198.51.100.{n}").post("/forgot-password", data={"email": "mara@example.com"})
    assert steps.kinds().count("reset_password") == 10
    late = browser(app, "198.51.100.99").post(
        "/forgot-password", data={"email": "mara@example.com"}
    )
    assert late.status_code == 429
    assert "too many messages to this address" in late.text
    assert client.post("/forgot-password", data={"email": "mara@example.com"}).status_code == 303
    assert steps.kinds().count("reset_password") == 11


def test_the_answer_is_the_same_for_an_address_without_an_account(app: Flask) -> None:
    factories.host()
    answers = []
    for email in ("mara@example.com", "nobody@example.com"):
        said = [
            browser(app, f"198.51.100.{n}").post("/forgot-password", data={"email": email})
            for n in range(12)
        ]
        answers.append([(one.status_code, text(one).replace(email, "")) for one in said])
    assert answers[0] == answers[1]


def test_wrong_passwords_of_strangers_dont_keep_a_known_browser_out(
    app: Flask, client: FlaskClient
) -> None:
    factories.host()
    assert steps.sign_in(client, "mara@example.com").status_code == 303
    client.post("/sign-out")
    statuses = Counter(
        steps.sign_in(browser(app, f"198.51.100.{n % 20}"), "mara@example.com", "wrong").status_code
        for n in range(120)
    )
    assert statuses[429] > 80
    assert steps.sign_in(browser(app, "198.51.100.77"), "mara@example.com").status_code == 429
    assert steps.sign_in(client, "mara@example.com").status_code == 303


def test_one_stranger_doesnt_keep_the_host_out_of_a_new_browser(app: Flask) -> None:
    factories.host()
    stranger = browser(app)
    assert [steps.sign_in(stranger, "mara@example.com", "no").status_code for _ in range(12)][
        -1
    ] == 429
    assert steps.sign_in(browser(app, "192.0.2.4"), "mara@example.com").status_code == 303


def test_a_known_browser_may_not_guess_for_ever_either(client: FlaskClient) -> None:
    factories.host()
    steps.sign_in(client, "mara@example.com")
    client.post("/sign-out")
    tried = [steps.sign_in(client, "mara@example.com", "no").status_code for _ in range(12)]
    assert tried == [422] * 10 + [429] * 2


def test_a_changed_password_leaves_only_this_browser_known(
    app: Flask, client: FlaskClient, host: User
) -> None:
    thief = browser(app)
    steps.sign_in(thief, "mara@example.com")
    steps.sign_in(client, "mara@example.com")
    assert len(db.session.scalars(sa.text("SELECT id FROM known_browser")).all()) == 2
    new = {"current_password": PASSWORD, "new_password": "another horse entirely"}
    assert client.post("/account/password", data=new).status_code == 303
    assert len(db.session.scalars(sa.text("SELECT id FROM known_browser")).all()) == 1


@pytest.mark.usefixtures("schedule")
def test_limits_hold_without_redis(app: Flask, client: FlaskClient) -> None:
    app.extensions["redis_pool"].trip()
    answers = [booked(client, n).status_code for n in range(12)]
    assert answers == [303] * 10 + [429] * 2


@pytest.mark.usefixtures("schedule")
def test_counts_hold_no_address_and_the_sweep_prunes_them(client: FlaskClient) -> None:
    booked(client, 0)
    steps.sign_in(client, "mara@example.com", "wrong")
    rows = db.session.scalars(sa.select(Tally)).all()
    assert rows
    assert not [row for row in rows if "ana" in row.key or "127" in row.key or len(row.key) != 64]
    from bookme.jobs.processes.sweep import sweep_once

    sweep_once(NOW + timedelta(days=3))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Tally)) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ana@example.com", "ana+x@example.com", True),
        ("a.na@example.com", "ana@example.com", False),
        ("a.na@gmail.com", "ana@googlemail.com", True),
        ("+x@example.com", "+y@example.com", False),
        ("...@gmail.com", "..@gmail.com", False),
    ],
)
def test_a_mailbox_is_counted_as_one(one: str, other: str, same: bool) -> None:
    assert (addresses.counted(one) == addresses.counted(other)) is same
