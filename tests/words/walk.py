"""A walk over the pages: who goes where, and which texts stay plain there."""

from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.words.pseudo import LOCALE, plain_in_page


class Walk:
    """Notes what stays plain, each text once, and what was shown.

    :ivar rendered: the templates that were.
    """

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self._left = app, dict[str, str]()
        self.rendered = set[str]()
        load = app.jinja_env.get_template

        def noted(name: Any, *more: Any) -> Any:
            self.rendered.add(str(name))
            return load(name, *more)

        monkeypatch.setattr(app.jinja_env, "get_template", noted)

    def see(self, browser: FlaskClient, path: str, status: int = 200) -> None:
        """Open a page."""
        self._see(browser, "GET", path, status, None)

    def send(self, browser: FlaskClient, path: str, status: int = 422, **form: Any) -> None:
        """Send a form."""
        self._see(browser, "POST", path, status, form)

    def note(self, where: str, left: Iterable[str]) -> None:
        """Something stayed plain."""
        for one in left:
            self._left.setdefault(one, where)

    def end(self) -> None:
        """Fail with all that stayed plain, and where it was seen first."""
        left = [f"{said}: {where}" for said, where in self._left.items()]
        if left:
            said = [f"{len(left)} texts stayed plain:", *left]
            pytest.fail("\n".join(said), pytrace=False)

    def _see(self, browser: FlaskClient, method: str, path: str, status: int, form: Any) -> None:
        heard = {"Accept-Language": LOCALE}
        answer = browser.open(path, method=method, data=form, headers=heard)
        assert answer.status_code == status, (method, path, answer.status_code)
        bare, _, query = path.partition("?")
        try:
            asked = self.app.url_map.bind("localhost").match(bare, method=method)[0]
        except HTTPException:  # an address that is nobody's
            asked = bare
        self.note(f"{method} {asked} {query}".strip(), plain_in_page(answer.text))
