"""What the registry says of each provider, and what hosts are asked to agree to."""

from urllib.parse import parse_qs, urlsplit

import pytest
from responses import RequestsMock

from bookme import config
from bookme.providers.facts import Consent
from bookme.providers.google.facts import SCOPES as GOOGLE_SCOPES
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.registry import MAKERS, PROVIDERS, meetings_label
from bookme.providers.zoom.client import SCOPES as ZOOM_SCOPES
from tests.contracts import FIXTURES, VECTORS
from tests.providers import discovery

SETTINGS = {
    **{one.name: one.default for facts in PROVIDERS.values() for one in facts.settings},
    **{f"{name}_CLIENT_ID": "id" for name in ("ZOOM", "GOOGLE", "MICROSOFT")},
    **{f"{name}_CLIENT_SECRET": "SECRET" for name in ("ZOOM", "GOOGLE", "MICROSOFT")},
    "ICLOUD_HOSTS": ("caldav.icloud.com", "*.icloud.com"),
}
VERIFIER = VECTORS["pkce_rfc7636_appendix_B"]["code_verifier"]
CALLBACK = "https://bookme.example/connections/google/callback"


def consent(name: str) -> Consent:
    found = PROVIDERS[name].consent
    assert found is not None
    return found


def client(name: str) -> OAuthClient:
    return consent(name).client(SETTINGS)


@pytest.mark.parametrize(
    ("name", "calendar", "meetings", "label"),
    [
        ("zoom", None, "zoom", "Zoom"),
        ("google", "Google Calendar", "google_meet", "Google Meet"),
        ("microsoft", "Outlook", "microsoft_teams", "Microsoft Teams"),
        ("icloud", "iCloud", None, ""),
    ],
)
def test_each_provider_has_its_names(
    name: str, calendar: str | None, meetings: str | None, label: str
) -> None:
    facts = PROVIDERS[name]
    assert (facts.name, facts.calendar, facts.meets) == (name, calendar, meetings)
    assert meetings_label(meetings) == label
    assert meetings is None or MAKERS[meetings] is facts
    assert all(url.startswith("https://") for _, url in facts.end_pages)


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_opens_its_own_api(name: str) -> None:
    assert PROVIDERS[name].open(SETTINGS, "user:secret", "UTC", 5).name == name


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_is_let_in_by_a_consent_or_a_password(name: str) -> None:
    facts = PROVIDERS[name]
    assert (facts.consent is None) is not (facts.password is None)


def test_every_setting_of_a_provider_is_read_from_the_environment() -> None:
    settings = config.load({"SECRET_KEY": "k" * 16, "ZOOM_API_URL": "https://zoom.example/v2/"})
    assert {one.name for facts in PROVIDERS.values() for one in facts.settings} <= set(settings)
    assert settings["ZOOM_API_URL"] == "https://zoom.example/v2"


def test_zooms_scopes_are_what_its_consent_page_gives() -> None:
    assert set(ZOOM_SCOPES) == set(FIXTURES["zoom"]["token_ok"]["body"]["scope"].split())


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
    address = client("google").authorize(
        CALLBACK, "state", VERIFIER, **consent("google").parameters
    )
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
    address = client("microsoft").authorize(
        CALLBACK, "state", VERIFIER, **consent("microsoft").parameters
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert urlsplit(address).path == "/common/oauth2/v2.0/authorize"
    assert asked["scope"] == "openid offline_access User.Read Calendars.ReadWrite"
    assert (asked["prompt"], asked["response_mode"]) == ("select_account", "query")


def test_the_secret_travels_in_the_body(api: RequestsMock) -> None:
    api.post("https://oauth2.googleapis.com/token", json={"access_token": "a", "expires_in": 3599})
    grant = client("google").refresh("SECRET-REFRESH")
    body = parse_qs(str(api.calls[0].request.body))
    assert (body["client_id"], body["client_secret"]) == (["id"], ["SECRET"])
    assert "Authorization" not in api.calls[0].request.headers
    assert grant.refresh_token is None, "the old one stays good"


def test_a_grant_is_revoked_where_that_exists(api: RequestsMock) -> None:
    api.post("https://oauth2.googleapis.com/revoke", status=400, json={"error": "invalid_token"})
    client("google").revoke("SECRET")
    client("microsoft").revoke("SECRET")
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("name", "granted", "missing"),
    [
        ("microsoft", FIXTURES["microsoft"]["token_ok"]["body"]["scope"], ""),
        ("microsoft", "https://graph.microsoft.com/Calendars.ReadWrite user.read openid", ""),
        ("microsoft", "User.Read Calendars.Read", "Calendars.ReadWrite"),
        ("google", "openid " + " ".join(GOOGLE_SCOPES), ""),
        ("google", GOOGLE_SCOPES[1], GOOGLE_SCOPES[0]),
        ("google", "https://www.googleapis.com/auth/calendar.events.readonly", "both"),
        ("icloud", "", ""),
    ],
)
def test_a_scope_not_granted_is_named_and_more_than_asked_is_fine(
    name: str, granted: str, missing: str
) -> None:
    expected = set(GOOGLE_SCOPES) if missing == "both" else set(missing.split())
    assert PROVIDERS[name].missing(frozenset(granted.split())) == expected
