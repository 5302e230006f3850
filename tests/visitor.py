"""Somebody with a browser without JavaScript: reads pages, follows links, fills in real forms."""

from typing import Self
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

#: Seconds until a page counts as not answered.
PATIENCE = 30

Fields = list[tuple[str, str]]


class Visitor:
    """One browser with its cookies, which stays on the page it has opened last.

    :param home: the address that paths are relative to at first.
    :ivar url: where it is, after all redirects.
    :ivar status: what the last page was answered with.
    :ivar body: the last answer as it came, a page or a file.
    :ivar seconds: how long the answers took on the way to it, redirects included.
    """

    def __init__(self, home: str) -> None:
        self.url = home
        self.status = 0
        self.page = BeautifulSoup("", "html.parser")
        self.seconds = 0.0
        self.body = ""
        self._browser = requests.Session()

    def open(self, address: str) -> Self:
        """Go to an address or a path."""
        return self._show("GET", urljoin(self.url, address))

    def click(self, words: str) -> Self:
        """Follow the link that says this."""
        return self.open(str(self.link(words)["href"]))

    def press(self, button: str, *, near: str = "", **typed: str | bool) -> Self:
        """Fill in the form that has this button, and press it.

        Everything else is sent as the page filled it in, hidden fields included.

        :param near: of several such buttons, the one in the list's item with these words.
        :param typed: name of a field (two underscores stand for a hyphen) -> what is typed or
            chosen; whether a checkbox is ticked, or the values of those that are, with spaces
            between them.
        """
        pressed = self.button(button, near)
        form = pressed.find_parent("form")
        assert form is not None, f"the button {button!r} is in no form"
        sent = _filled(form, {name.replace("__", "-"): value for name, value in typed.items()})
        if pressed.get("name"):
            sent.append((str(pressed["name"]), str(pressed.get("value", ""))))
        target = urljoin(self.url, str(form.get("action") or ""))
        return self._show(str(form.get("method", "get")).upper(), target, sent)

    @property
    def cookies(self) -> dict[str, str]:
        """Its cookies, for another browser to go on with."""
        return self._browser.cookies.get_dict()

    def take_cookie(self, name: str, value: str) -> None:
        """Have another browser's cookie."""
        self._browser.cookies.set(name, value)

    @property
    def text(self) -> str:
        """What can be read on the page, in one line."""
        return " ".join(self.page.get_text(" ").split())

    @property
    def heading(self) -> str:
        found = self.page.find("h1")
        return " ".join(found.get_text(" ").split()) if found else ""

    def link(self, words: str) -> Tag:
        """The one link that says this, or is labelled so."""
        return self._one("a[href]", words)

    def links(self, selector: str) -> list[str]:
        """Where the links of a CSS selector lead."""
        return [urljoin(self.url, str(one["href"])) for one in self.page.select(selector)]

    def button(self, words: str, near: str = "") -> Tag:
        """The one button of a form that says this."""
        where = f"li:-soup-contains({near!r}) " if near else ""
        return self._one(f"{where}form button:not([aria-hidden])", words)

    def errors(self) -> list[str]:
        """What the page says beside its fields."""
        return [" ".join(one.get_text(" ").split()) for one in self.page.select("p.error")]

    def _one(self, selector: str, words: str) -> Tag:
        found = [one for one in self.page.select(selector) if words in (_words(one), _label(one))]
        places = {str(one.get("href", id(one))) for one in found}
        there = [_words(one) for one in self.page.select(selector)]
        assert len(places) == 1, f"{words!r} is {len(places)} times on {self.url}, beside {there}"
        return found[0]

    def _show(self, method: str, address: str, fields: Fields | None = None) -> Self:
        sent = {"params": fields} if method == "GET" else {"data": fields}
        came_from = {"Referer": self.url} if self.status else {}
        answer = self._browser.request(method, address, headers=came_from, timeout=PATIENCE, **sent)
        self.url, self.status = answer.url, answer.status_code
        self.seconds = sum(one.elapsed.total_seconds() for one in (*answer.history, answer))
        self.body = answer.text
        html = "text/html" in answer.headers.get("Content-Type", "")
        self.page = BeautifulSoup(self.body if html else "", "html.parser")
        return self

    def close(self) -> None:
        self._browser.close()


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _label(tag: Tag) -> str:
    return str(tag.get("aria-label", ""))


def _filled(form: Tag, typed: dict[str, str | bool]) -> Fields:
    """What a browser sends of a form's controls, in their order, buttons aside."""
    left = dict(typed)
    sent: Fields = []
    for control in form.select("input, select, textarea"):
        name = str(control.get("name", ""))
        if not name or control.has_attr("disabled") or control.get("type") == "submit":
            continue
        chosen = typed.get(name)
        value = _value(control, chosen)
        if value is not None:
            sent.append((name, value))
        if chosen is False or value is not None:
            left.pop(name, None)
    assert not left, f"the form has no {sorted(left)} that can be filled in so"
    return sent


def _value(control: Tag, chosen: str | bool | None) -> str | None:
    """What one control sends; None: nothing."""
    kind = str(control.get("type", "text"))
    if control.name == "select":
        return _option(control, chosen)
    own = str(control.get("value", "on" if kind in ("checkbox", "radio") else ""))
    if kind == "checkbox":
        ticked = control.has_attr("checked")
        if chosen is not None:
            ticked = chosen is True or own in str(chosen).split()
        return own if ticked else None
    if kind == "radio":
        picked = control.has_attr("checked") if chosen is None else chosen == own
        return own if picked else None
    if chosen is not None:
        assert kind != "hidden", f"nobody can type into {control.get('name')}"
        return str(chosen)
    return control.get_text().removeprefix("\n") if control.name == "textarea" else own


def _option(select: Tag, chosen: str | bool | None) -> str | None:
    """The chosen option, else the one that the page has chosen, else the first."""
    offered = {str(one.get("value", one.get_text())): one for one in select.select("option")}
    if chosen is not None:
        return str(chosen) if chosen in offered else None
    selected = [value for value, one in offered.items() if one.has_attr("selected")]
    return next(iter([*selected, *offered]), None)
