"""Addresses that are filled in are those that werkzeug makes."""

from typing import Any

import pytest
from flask import Flask, url_for
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples

#: Pages with values in their path, in their query, in both, of a kind of their own, and files.
PAGES: list[tuple[str, tuple[str, ...]]] = [
    ("help.index", ()),
    ("public.host", ("handle",)),
    ("public.show", ("handle", "slug")),
    ("public.details", ("handle", "slug", "at", "zone")),
    ("public.booked", ("token", "done")),
    ("report.index", ("page",)),
    ("face.picture", ("handle", "digest", "size")),
    ("schedules.edit", ("schedule_id",)),
    ("static", ("filename",)),
]
VALUES = st.one_of(
    st.text("abAB09-_~.", min_size=1, max_size=6),
    st.text(min_size=1, max_size=4),
    st.sampled_from(["{}", "{0}", "%7B", "1", "a/b", "a b", "é", "mark-of-a-value-0-"]),
)


@examples(100)
@given(st.data(), st.sampled_from(PAGES), st.sampled_from(["", "?embed=1&theme=dark"]))
def _same(app: Flask, data: Any, page: tuple[str, tuple[str, ...]], query: str) -> None:
    endpoint, names = page
    values = {name: data.draw(VALUES) for name in names}
    with app.test_request_context(f"/mara/intro{query}"):
        assert _made(lambda: url_for(endpoint, **values)) == _made(
            lambda: super(type(app), app).url_for(endpoint, **values)
        )


def _made(make: Any) -> str:
    try:
        return str(make())
    except ValueError:
        return "no such value"


def test_every_address_is_the_one_that_werkzeug_makes(app: Flask) -> None:
    _same(app)
    assert app.extensions["known_addresses"]


def test_values_that_are_not_plain_are_never_remembered(app: Flask) -> None:
    with app.test_request_context("/"):
        for token in ("secretA", "secretB"):
            assert url_for("public.booked", token=token) == f"/booking/{token}"
    assert "secret" not in repr(app.extensions["known_addresses"])


@pytest.mark.parametrize(
    "more", [{"_anchor": "x"}, {"_external": True}], ids=["to a place on it", "in full"]
)
def test_what_else_an_address_is_asked_for_is_in_it(app: Flask, more: dict[str, Any]) -> None:
    with app.test_request_context("/"):
        plain, asked = url_for("help.index"), url_for("help.index", **more)
    assert asked != plain
    assert plain in asked
