"""The registry of video providers."""

import pytest
from responses import RequestsMock

from bookme.providers.video_registry import PROVIDERS, ZOOM_SCOPES, provider
from tests.contracts import FIXTURES, answer


def test_zoom_is_offered_and_makes_its_client(api: RequestsMock) -> None:
    api.get("http://localhost:8000/v2/users/me", **answer("user_me"))
    assert PROVIDERS["zoom"].label == "Zoom"
    assert provider("zoom", "http://localhost:8000/v2/", "token").me().status == "active"


def test_zooms_scopes_are_what_its_consent_page_gives() -> None:
    assert set(ZOOM_SCOPES) == set(FIXTURES["zoom"]["token_ok"]["body"]["scope"].split())


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_is_registered_under_its_own_name(name: str) -> None:
    assert provider(name, "https://api.example.com", "token").name == name


def test_what_is_not_offered_is_no_provider() -> None:
    with pytest.raises(KeyError):
        provider("google_meet", "https://api.example.com", "token")
