"""Connecting everything as a person would: through BookMe's own pages, and the consent pages of
the sandbox. No provider is known here but by its address.
"""

import logging
import time
from typing import Any
from urllib.parse import urljoin

import lxml.html
import requests

from bookme.running import demo

log = logging.getLogger(__name__)

#: The first one becomes the default video provider; the first with a calendar takes the bookings.
_BY_CONSENT = ("zoom", "google", "microsoft")
_BY_PASSWORD = "icloud"
#: Whose accounts they are outside.
_PERSON = "mara@example.com"
#: Seconds until a page counts as not answered.
_PATIENCE = 30


class LostWay(Exception):
    """A page isn't the one that was expected."""


class Browser:
    """A browser without JavaScript, on the page that it has opened last."""

    def __init__(self, home: str) -> None:
        self.url, self._home = home, home
        self._session = requests.Session()
        self._page: Any = None

    def open(self, path: str) -> None:
        """Open a page of BookMe."""
        self._show(self._session.get(urljoin(self._home, path), timeout=_PATIENCE))

    def send(self, where: str, **typed: str) -> None:
        """Fill in the form that an XPath finds, tick all of its boxes, and send it.

        :raises LostWay: if there is no such form, or it is refused.
        """
        form = next(iter(self._page.xpath(f"//form[{where}]")), None)
        if form is None:
            raise LostWay(f"no form[{where}]")
        for box in form.xpath(".//input[@type='checkbox']"):
            box.checked = True
        fields = [*((k, v) for k, v in form.form_values() if k not in typed), *typed.items()]
        target, headers = urljoin(self.url, form.get("action") or ""), {"Referer": self.url}
        self._show(self._session.post(target, data=fields, headers=headers, timeout=_PATIENCE))

    def close(self) -> None:
        self._session.close()

    def _show(self, answer: requests.Response) -> None:
        if not answer.ok:
            raise LostWay(f"answered with {answer.status_code}")
        self.url, self._page = answer.url, lxml.html.fromstring(answer.content)


def wait_for(*addresses: str) -> None:
    """Wait until these answer, for as long as a page may take."""
    ends = time.monotonic() + _PATIENCE
    for address in addresses:
        while not _answers(address) and time.monotonic() < ends:
            time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=_PATIENCE).ok
    except requests.RequestException:
        return False


def connect_all(url: str, sandbox: str) -> None:
    """Connect all that there is. What doesn't work is logged, and the demo goes on without."""
    browser = Browser(url)
    try:
        browser.open("/sign-in")
        browser.send(_leads_to("sign-in"), email=demo.EMAIL, password=demo.PASSWORD)
        for provider in (*_BY_CONSENT, _BY_PASSWORD):
            _connect(browser, provider, sandbox)
        browser.open("/connections/settings")
        browser.send(_leads_to("connections/settings"), default_video_provider=_BY_CONSENT[0])
        browser.send(_leads_to("sign-out"))
    except (LostWay, requests.RequestException) as error:
        log.warning("not everything is connected: %s", _said(error))
    finally:
        browser.close()


def _connect(browser: Browser, provider: str, sandbox: str) -> None:
    try:
        if provider == _BY_PASSWORD:
            browser.open(f"/connections/{provider}/password")
            password = _app_password(sandbox)
            browser.send(_leads_to(f"{provider}/password"), username=_PERSON, password=password)
        else:
            browser.open(f"/connections?open={provider}")
            browser.send(_leads_to(f"{provider}/connect"))
            browser.send(".//button[@value='allow']", answer="allow")
        log.info("%s is connected", provider)
    except (LostWay, requests.RequestException) as error:
        log.warning("%s isn't connected: %s", provider, _said(error))


def _app_password(sandbox: str) -> str:
    """A password for BookMe, made as the person would at Apple."""
    control = f"{sandbox}/control/calendars/icloud/passwords"
    answer = requests.post(control, json={"user": _PERSON}, timeout=_PATIENCE)
    if not answer.ok:
        raise LostWay(f"no password: {answer.status_code}")
    return str(answer.json()["password"])


def _leads_to(end: str) -> str:
    """The XPath of a form whose address ends so."""
    return f"substring(@action, string-length(@action) - {len(end) - 1}) = '{end}'"


def _said(error: Exception) -> str:
    """What went wrong; never an address, which may hold a code."""
    return str(error) if isinstance(error, LostWay) else type(error).__name__
