"""The sandbox's provider of OpenID Connect at the wire, in this process, and a browser's way
through it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from requests import PreparedRequest
from responses import RequestsMock
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.sign_in_settings import OpenIdProvider
from sandbox.app import create_app
from sandbox.config import Config

URL = "http://sandbox.test"
CLIENT = ("bookme-test", "a secret of the app")
EXAMPLE = OpenIdProvider("example", "Example ID", f"{URL}/openid", *CLIENT)
#: Somebody at the provider, who has an account at BookMe, and two who have none.
MARA, BEN, CHLOE = "mara@example.com", "ben@example.com", "chloe@example.org"
CALLBACK = "/sign-in/with/example/callback"


class StandIn:
    """The provider.

    :ivar calls: what was asked of it, by the last part of the path.
    """

    def __init__(self, folder: Path, session: Session) -> None:
        config = Config(
            state=folder,
            client_id="zoom-client",
            client_secret="zoom-secret",
            webhook_secret="zoom-webhook",
            redirects=("http://localhost/connections/zoom/callback",),
            public_url=URL,
            openid=CLIENT,
        )
        self.app = create_app(config)
        self.browser = self.app.test_client()
        self.calls: list[str] = []
        self._session = session

    def set(self, **settings: Any) -> None:
        """Change how it is to behave: see the sandbox's settings."""
        answer = self.browser.post(
            "/control/settings", json={f"openid_{name}": value for name, value in settings.items()}
        )
        assert answer.status_code == 200, answer.text

    def answer(self, request: PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        """What it says to BookMe, which must have no transaction open."""
        assert not self._session.in_transaction(), "a transaction spans a call"
        parts = urlsplit(str(request.url))
        self.calls.append(parts.path.rpartition("/")[2])
        answer = self.app.test_client().open(
            parts.path,
            method=str(request.method),
            query_string=parts.query,
            data=request.body,
            headers=dict(request.headers),
        )
        return answer.status_code, dict(answer.headers), answer.data

    def asked(self, to: str) -> dict[str, str]:
        """What an address of its page asks."""
        assert to.startswith(f"{URL}/openid/authorize?")
        return {name: value for name, [value] in parse_qs(urlsplit(to).query).items()}

    def answered(
        self, to: str, who: str = MARA, *, answer: str = "allow", verified: bool = True, **said: str
    ) -> str:
        """Somebody is led to its page and answers; the address of ours they come back to."""
        page = self.browser.get(to.removeprefix(URL))
        assert page.status_code == 200, page.text
        form = BeautifulSoup(page.text, "html.parser").select_one("form[action$=consent]")
        assert form is not None
        hidden = {str(one["name"]): str(one["value"]) for one in form.select("[type=hidden]")}
        chosen = next(one for one in form.select("label.choice") if who in one.text).input
        assert chosen is not None
        typed = {**hidden, "person": str(chosen["value"]), "answer": answer, **said}
        if verified:
            typed["verified"] = "yes"
        back = self.browser.post(str(form["action"]), data=typed)
        assert back.status_code == 302, back.text
        return back.headers["Location"].removeprefix("http://localhost")


@contextmanager
def at_the_wire(app: Flask, folder: Path) -> Iterator[StandIn]:
    """The provider, which BookMe is set up for."""
    app.config.update(OIDC_PROVIDERS=(EXAMPLE,))
    stand_in = StandIn(folder, db.session())
    with RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in ("GET", "POST"):
            mock.add_callback(method, re.compile(re.escape(URL) + "/.*"), stand_in.answer)
        yield stand_in
    stand_in.app.extensions["sandbox"].store.close()


def led_to(answer: TestResponse) -> str:
    """Where the page leads that leads on to a provider, by itself and by its link."""
    assert answer.status_code == 200, answer.text
    page = BeautifulSoup(answer.text, "html.parser")
    refresh, link = page.select_one("meta[http-equiv=refresh]"), page.select_one("a.main")
    assert refresh is not None
    assert link is not None
    assert refresh["content"] == f"0; url={link['href']}"
    return str(link["href"])


def begin(browser: FlaskClient, next_path: str = "", zone: str = "") -> str:
    """Go to the provider to sign in; the address of its page."""
    query = {"next": next_path} if next_path else {}
    return led_to(browser.post("/sign-in/with/example", query_string=query, data={"zone": zone}))


def sign_in(
    browser: FlaskClient, provider: StandIn, who: str = MARA, next_path: str = "", **said: Any
) -> TestResponse:
    """All the way; the answer to the callback."""
    return browser.get(provider.answered(begin(browser, next_path), who, **said))


def notices(browser: FlaskClient, path: str = "/sign-in") -> str:
    """What the next page says of what was done last."""
    page = BeautifulSoup(browser.get(path).text, "html.parser")
    found = page.select_one("#notices")
    assert found is not None
    return " ".join(found.text.split())
