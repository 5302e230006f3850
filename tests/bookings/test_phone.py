"""Phone numbers as people write them at home, kept as they are called from abroad."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings.asking.countries import choices, country_of
from bookme.extensions import db
from bookme.models import Attendee, Caller, LocationKind
from tests import factories
from tests.public.pages import book, soup

DETAILS = "/mara/intro/book?at=2027-03-02T09:00:00Z"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A booker at /mara/intro, whose host calls."""
    factories.schedule(location_kind=LocationKind.PHONE, caller=Caller.HOST)
    return app.test_client()


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("PT", "912345678", "+351 912 345 678"),
        ("PT", "+49 (0)30 123456", "+49 30 123456"),
        ("DE", "00351 912 345 678", "+351 912 345 678"),
        ("DE", "030/123456", "+49 30 123456"),
        ("US", "(202) 555-0143", "+1 202-555-0143"),
        ("US", "+351 912 345 678 ext. 5", "+351 912 345 678 ext. 5"),
        ("EG", "٠١٠٠ ١٢٣ ٤٥٦٧", "+20 10 01234567"),
        ("US", "00351 912 345 678", "+351 912 345 678"),
        ("US", "4805551234", "+1 480-555-1234"),
        ("US", "514 555-1212", "+1 514-555-1212"),
        ("PT", "351912345678", "+351 912 345 678"),
        ("Mars", "912 345 678", "+351 912 345 678"),
        ("", "912 345 678", "+351 912 345 678"),
    ],
    ids=[
        *("home", "abroad", "00", "slash", "brackets", "extension", "digits", "00 where it is 011"),
        *("filled in", "same code, another country", "no plus", "none", "Lisbon"),
    ],
)
def test_a_number_is_kept_as_it_is_called_from_abroad(
    client: FlaskClient, country: str, typed: str, kept: str
) -> None:
    assert book(client, phone=typed, **{"country-phone": country}).status_code == 303
    assert db.session.scalars(db.select(Attendee)).one().phone == kept


@pytest.mark.parametrize(
    ("country", "typed", "example"),
    [
        ("PT", "999", "+351 912 345 678"),
        ("DE", "call me", "+49 1512 3456789"),
        ("US", "123 456 7890", "+1 201-555-0123"),
        ("US", "555-0143", "+1 201-555-0123"),
        ("US", "+1", "+1 201-555-0123"),
        ("PT", "9" * 400, "+351 912 345 678"),
    ],
    ids=["short", "words", "no such area", "no area", "a code alone", "endless"],
)
def test_what_nobody_can_be_called_on_is_refused_with_an_example_of_that_country(
    client: FlaskClient, country: str, typed: str, example: str
) -> None:
    page = book(client, phone=typed, **{"country-phone": country})
    assert page.status_code == 422
    found = soup(page)
    assert f"such as {example}." in found.select_one("#phone-error").text  # type: ignore[union-attr]
    assert found.select_one("#phone[type=tel][autofocus]")["value"] == typed  # type: ignore[index]
    chosen = found.select_one("select[name=country-phone] option[selected]")
    assert chosen is not None
    assert chosen["value"] == country


@pytest.mark.parametrize(
    ("asked", "language", "country"),
    [
        ("&zone=America/Sao_Paulo", "en-US", "BR"),
        ("&zone=Asia/Calcutta", "en-US", "IN"),
        ("&zone=UTC", "de-AT,de;q=0.9", "AT"),
        ("&zone=UTC", "eo", "GB"),
        ("&zone=UTC&phone=%2B81+3-5550-0123", "de-AT", "JP"),
    ],
    ids=["zone", "old name", "language", "nothing", "the number's own"],
)
def test_a_number_begins_in_the_country_where_somebody_is(
    client: FlaskClient, asked: str, language: str, country: str
) -> None:
    page = client.get(DETAILS + asked, headers={"Accept-Language": language})
    chosen = soup(page).select("select[name=country-phone] option[selected]")
    assert [one["value"] for one in chosen] == [country]


def test_countries_stand_in_the_order_of_their_names(app: Flask) -> None:
    with app.test_request_context():
        names = [words for __, words in choices()]
    assert "Portugal +351" in names
    assert names.index("Åland Islands +358") == names.index("Albania +355") - 1
    assert country_of("Europe/Kyiv") == "UA"
