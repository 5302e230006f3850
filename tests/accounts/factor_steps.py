"""What hosts do with second factors, as the tests' vocabulary."""

import re
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.accounts.factors import totp
from tests.accounts import steps
from tests.factories import NOW, PASSWORD
from tests.software_key import SoftwareKey

HOME = "/account/second-factor"


def confirm(browser: FlaskClient, **typed: str) -> TestResponse:
    """Show who is there: by the password, unless something else is typed."""
    return browser.post("/account/confirm-identity", data=typed or {"password": PASSWORD})


def add_app(browser: FlaskClient) -> tuple[str, list[str]]:
    """Set up an app with the code of the step before now; give its secret and new codes."""
    secret = begin_app(browser)
    code = totp.code_of(secret, totp.step_at(NOW) - 1)
    answer = browser.post(f"{HOME}/app", data={"code": code})
    assert answer.status_code == 303
    return secret, codes_shown(browser) if answer.location.endswith("/codes") else []


def begin_app(browser: FlaskClient) -> str:
    """Begin to set up an app; give its secret as the page shows it."""
    assert browser.post(f"{HOME}/app/begin").location == f"{HOME}/app"
    page = BeautifulSoup(browser.get(f"{HOME}/app").text, "html.parser")
    key = page.select_one("#key")
    assert key is not None
    return key.text.replace(" ", "")


def codes_shown(browser: FlaskClient) -> list[str]:
    page = BeautifulSoup(browser.get(f"{HOME}/codes").text, "html.parser")
    shown = page.select_one("#codes")
    return shown.text.split() if shown is not None else []


def code(secret: str, *, later: int = 0) -> str:
    """What the app shows some steps of 30 seconds after NOW."""
    return totp.code_of(secret, totp.step_at(NOW + timedelta(seconds=30 * later)))


def add_passkey(browser: FlaskClient, name: str = "My phone") -> SoftwareKey:
    key = SoftwareKey()
    options = options_to_add(browser)
    data = {"name": name, "passkey": key.made(options)}
    assert browser.post(f"{HOME}/passkeys/new", data=data).status_code == 303
    return key


def options_to_add(browser: FlaskClient) -> dict[str, Any]:
    return _options(browser.post(f"{HOME}/passkeys/options"))


def options_to_sign_in(browser: FlaskClient) -> dict[str, Any]:
    return _options(browser.post("/sign-in/passkey/options"))


def options_to_confirm(browser: FlaskClient) -> dict[str, Any]:
    return _options(browser.post("/account/confirm-identity/options"))


def sign_in_with(browser: FlaskClient, key: SoftwareKey, **said: Any) -> TestResponse:
    answer = key.signed(options_to_sign_in(browser), **said)
    return browser.post("/sign-in/passkey", data={"passkey": answer})


def half_way(browser: FlaskClient, email: str) -> None:
    """Pass the first step of signing in."""
    answer = steps.sign_in(browser, email)
    assert answer.status_code == 303
    assert answer.location == "/sign-in/second-step"


def second_step(browser: FlaskClient, typed: str, next_path: str = "") -> TestResponse:
    where = {"next": next_path} if next_path else {}
    return browser.post("/sign-in/second-step", query_string=where, data={"code": typed})


def _options(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    assert re.fullmatch(r"[\w-]{43}", found["challenge"])
    return found
