"""The registry of calendar providers, and what hosts are asked to agree to."""

from urllib.parse import parse_qs, urlsplit

import pytest
from responses import RequestsMock

from bookme.providers import calendar_registry
from bookme.providers.calendar_registry import PROVIDERS, google_client, microsoft_client
from tests.contracts import FIXTURES, VECTORS
from tests.providers import discovery

GOOGLE = google_client(
    "id",
    "SECRET",
    authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
    token_url="https://oauth2.googleapis.com/token",
    revoke_url="https://oauth2.googleapis.com/revoke",
)
MICROSOFT = microsoft_client(
    "id", "SECRET", oauth_url="https://login.microsoftonline.com/common/oauth2/v2.0"
)
VERIFIER = VECTORS["pkce_rfc7636_appendix_B"]["code_verifier"]
CALLBACK = "https://bookme.example/connections/google/callback"


@pytest.mark.parametrize(
    ("name", "label", "meetings", "video"),
    [
        ("google", "Google Calendar", "Google Meet", "google_meet"),
        ("microsoft", "Microsoft Outlook", "Microsoft Teams", "microsoft_teams"),
        ("icloud", "iCloud", None, None),
    ],
)
def test_each_provider_has_its_names(
    name: str, label: str, meetings: str | None, video: str | None
) -> None:
    offer = PROVIDERS[name]
    assert (offer.label, offer.meeting_label, offer.video) == (label, meetings, video)
    assert all(url.startswith("https://") for url in offer.manage_urls)


@pytest.mark.parametrize("name", ["google", "microsoft"])
def test_a_provider_is_registered_under_its_own_name(name: str) -> None:
    assert calendar_registry.calendar(name, "https://api.example.com", "token").name == name


def test_icloud_has_a_client_of_its_own() -> None:
    made = calendar_registry.icloud_calendar(
        "https://caldav.icloud.com/", "a", "b", hosts=["*.icloud.com"]
    )
    assert made.name == "icloud"
    with pytest.raises(KeyError):
        calendar_registry.calendar("icloud", "https://caldav.icloud.com/", "token")


def test_googles_scopes_are_enough_for_each_call_and_no_more() -> None:
    asked = set(PROVIDERS["google"].scopes)
    used = [
        discovery.DOCUMENT["resources"][resource]["methods"][method]["scopes"]
        for resource, method in (
            ("events", "insert"),
            ("events", "list"),
            ("events", "get"),
            ("events", "patch"),
            ("events", "delete"),
            ("calendarList", "list"),
            ("calendarList", "get"),
        )
    ]
    assert all(asked & set(scopes) for scopes in used)
    assert not any(all((asked - {one}) & set(scopes) for scopes in used) for one in asked)


def test_google_is_asked_for_a_grant_that_lasts() -> None:
    address = GOOGLE.authorize(CALLBACK, "state", VERIFIER, **PROVIDERS["google"].consent)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert asked == {
        "response_type": "code",
        "client_id": "id",
        "redirect_uri": CALLBACK,
        "state": "state",
        "code_challenge": VECTORS["pkce_rfc7636_appendix_B"]["code_challenge_S256"],
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
        "include_granted_scopes": "true",
        "scope": "https://www.googleapis.com/auth/calendar.events "
        "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
    }


def test_microsoft_is_asked_for_a_grant_that_lasts() -> None:
    address = MICROSOFT.authorize(CALLBACK, "state", VERIFIER, **PROVIDERS["microsoft"].consent)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert urlsplit(address).path == "/common/oauth2/v2.0/authorize"
    assert asked["scope"] == "openid offline_access User.Read Calendars.ReadWrite"
    assert (asked["prompt"], asked["response_mode"]) == ("select_account", "query")


def test_the_secret_travels_in_the_body(api: RequestsMock) -> None:
    api.post("https://oauth2.googleapis.com/token", json={"access_token": "a", "expires_in": 3599})
    grant = GOOGLE.refresh("SECRET-REFRESH")
    body = parse_qs(str(api.calls[0].request.body))
    assert (body["client_id"], body["client_secret"]) == (["id"], ["SECRET"])
    assert "Authorization" not in api.calls[0].request.headers
    assert grant.refresh_token is None, "the old one stays good"


def test_a_grant_is_revoked_where_that_exists(api: RequestsMock) -> None:
    api.post("https://oauth2.googleapis.com/revoke", status=400, json={"error": "invalid_token"})
    GOOGLE.revoke("SECRET")
    MICROSOFT.revoke("SECRET")
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("name", "granted", "missing"),
    [
        ("microsoft", FIXTURES["microsoft"]["token_ok"]["body"]["scope"], ""),
        ("microsoft", "https://graph.microsoft.com/Calendars.ReadWrite user.read openid", ""),
        ("microsoft", "User.Read Calendars.Read", "Calendars.ReadWrite"),
        ("google", "openid " + " ".join(calendar_registry.GOOGLE_SCOPES), ""),
        ("google", calendar_registry.GOOGLE_SCOPES[1], calendar_registry.GOOGLE_SCOPES[0]),
        ("google", "https://www.googleapis.com/auth/calendar.events.readonly", "both"),
        ("icloud", "", ""),
    ],
)
def test_a_scope_not_granted_is_named_and_more_than_asked_is_fine(
    name: str, granted: str, missing: str
) -> None:
    expected = set(calendar_registry.GOOGLE_SCOPES) if missing == "both" else set(missing.split())
    assert PROVIDERS[name].missing(frozenset(granted.split())) == expected
