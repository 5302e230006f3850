"""Where ``next`` may lead: to our own pages only."""

import pytest

from bookme.accounts.access import own_path


@pytest.mark.parametrize(
    "value",
    [
        "/",
        "/dashboard",
        "/connections/zoom/install",
        "/mara/intro-call?month=2027-03&zone=Europe/Lisbon",
        "/mara/intro?back=https://elsewhere.example",
        "/dashboard/bookings/x%20y",
        "/dashboard/bookings?q=ana%40example.com",
    ],
)
def test_our_own_paths_are_kept(value: str) -> None:
    assert own_path(value) == value


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "dashboard",
        "https://evil.example",
        "HTTPS://evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/dashboard\r\nSet-Cookie: a=b",
        "/\x00",
        "/%2Fevil.example",
        "/%2f%2fevil.example",
        "/%252Fevil.example",
        "/%25252Fevil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
        "/%0d%0aLocation:%20x",
        "/.//evil.example",
        "/x/..//evil.example",
        "/dashboard#//evil.example",
        "/\u2215evil.example",
        "/\uff0fevil.example",
        '/"><script>',
        "/" + "x" * 1000,
    ],
)
def test_anything_else_is_refused(value: str | None) -> None:
    assert own_path(value) is None
