"""Reading pages as a booker does."""

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

#: What somebody types into the details form.
TYPED = {"name": "Ana Costa", "email": "ana@example.com", "notes": "By bus."}
FORM_KEY = "0123456789abcdef" * 2


def soup(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.data, "html.parser")


def text(response: TestResponse) -> str:
    """A page's words, on one line."""
    page = soup(response)
    for inline in page.select("bdi"):
        inline.unwrap()
    page.smooth()
    return " ".join(page.get_text(" ").split())


def free_days(response: TestResponse) -> list[int]:
    return [int(link.text) for link in soup(response).select("a.day")]


def times(response: TestResponse) -> list[str]:
    """The times offered as links."""
    return [link.get_text(strip=True) for link in soup(response).select("a.time")]


def offered(response: TestResponse) -> list[str]:
    """The times offered as radios."""
    return [label.get_text(strip=True) for label in soup(response).select("label.time")]


def link(response: TestResponse, words: str) -> str:
    """Where the link with these words leads."""
    for found in soup(response).find_all("a"):
        if words in found.get_text() or words in (found.get("aria-label") or ""):
            return str(found["href"])
    raise AssertionError(f"no link says {words!r}")


def hidden(response: TestResponse) -> dict[str, str]:
    """What a page's POST form carries unseen."""
    form = soup(response).select_one("form[method=post]")
    assert isinstance(form, Tag)
    return {str(f["name"]): str(f["value"]) for f in form.select("input[type=hidden]")}


def book(
    client: FlaskClient, at: str = "2027-03-02T09:00:00Z", *, to: str = "/mara/intro", **fields: str
) -> TestResponse:
    """Send the details form: Ana from Lisbon, Tuesday at 9 UTC, unless told otherwise."""
    sent = {"starts_at": at, "zone": "Europe/Lisbon", "clock": "24", "form_key": FORM_KEY}
    return client.post(f"{to}/book", data=sent | TYPED | fields)
