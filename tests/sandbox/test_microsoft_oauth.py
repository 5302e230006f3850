from urllib.parse import urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup

from bookme.providers.microsoft.facts import admin_page
from sandbox.settings import MICROSOFT_SCOPES
from tests.sandbox.app_side import query
from tests.sandbox.google_side import GoogleSide
from tests.sandbox.microsoft_side import REDIRECT, MicrosoftSide, code
from tests.sandbox_process import MARA, MICROSOFT


def test_the_page_says_what_is_asked_for(microsoft: MicrosoftSide) -> None:
    page = microsoft.authorize().text
    for words in (
        "View your basic profile",
        "Have full access to your calendars",
        "personal account",
    ):
        assert words in page
    assert "Sandbox: not the real Microsoft" in page


def test_consent_brings_a_code_and_tokens(microsoft: MicrosoftSide) -> None:
    back = microsoft.answer(microsoft.authorize())
    assert back["state"] == "state-1"
    body = microsoft.exchange(back["code"]).json or {}
    assert (body["scope"], body["token_type"]) == ("Calendars.ReadWrite User.Read", "Bearer")
    assert {"refresh_token", "id_token", "ext_expires_in"} < set(body)
    assert (microsoft.exchange(back["code"]).json or {})["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("answer", "error"), [("decline", "access_denied"), ("blocked", "consent_required")]
)
def test_no_leads_back_with_the_reason(microsoft: MicrosoftSide, answer: str, error: str) -> None:
    back = microsoft.answer(microsoft.authorize(), answer=answer)
    assert (back["error"], back["state"], "code" in back) == (error, "state-1", False)
    assert back["error_description"].startswith("AADSTS")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "x"}, "AADSTS700016"),
        ({"redirect_uri": "http://bookme.test/connections/google/callback"}, "AADSTS50011"),
        ({"scope": "User.Read"}, "offline_access"),
        ({"scope": "offline_access Mail.Read"}, "Mail.Read"),
        ({"scope": None}, "scope"),
        ({"response_mode": "fragment"}, "response_mode"),
        ({"prompt": "none"}, "prompt"),
        ({"access_type": "offline"}, "access_type"),
        ({"code_challenge_method": "plain"}, "S256"),
        ({"state": None}, "state"),
    ],
)
def test_a_wrong_request_stays_at_microsoft(
    microsoft: MicrosoftSide, changes: dict[str, str | None], words: str
) -> None:
    page = microsoft.authorize(**changes)
    assert (page.status_code, words in page.text) == (400, True)


def test_each_refresh_brings_a_new_token_and_the_old_one_lives(microsoft: MicrosoftSide) -> None:
    first, second = microsoft.refresh().json or {}, microsoft.refresh().json or {}
    tokens = {microsoft.refresh_token, first["refresh_token"], second["refresh_token"]}
    assert len(tokens) == 3
    for token in tokens:
        assert microsoft.refresh(refresh_token=token).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error", "status"),
    [
        ({"client_secret": "x"}, "invalid_client", 401),
        ({"client_secret": None}, "invalid_client", 401),
        ({"refresh_token": "x"}, "invalid_grant", 400),
        ({"refresh_token": None}, "invalid_request", 400),
        ({"tenant": "x"}, "invalid_request", 400),
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
    ],
)
def test_a_wrong_refresh_is_refused(
    microsoft: MicrosoftSide, changes: dict[str, str | None], error: str, status: int
) -> None:
    response = microsoft.refresh(**changes)
    body = response.json or {}
    assert (response.status_code, body["error"]) == (status, error)
    assert body["error_description"].startswith("AADSTS")
    assert body["error_codes"]


def test_the_client_may_use_basic(microsoft: MicrosoftSide) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": microsoft.refresh_token}
    assert microsoft.post_token(form, auth=MICROSOFT).status_code == 200
    assert microsoft.post_token(form, auth=(MICROSOFT[0], "x")).status_code == 401


@pytest.mark.parametrize("changes", [{"code_verifier": "x" * 43}, {"redirect_uri": "http://x/"}])
def test_a_code_is_used_up_by_a_wrong_guess(
    microsoft: MicrosoftSide, changes: dict[str, str]
) -> None:
    given = microsoft.answer(microsoft.authorize())["code"]
    assert microsoft.exchange(given, **changes).status_code == 400
    assert microsoft.exchange(given).status_code == 400


def test_there_is_no_revocation(microsoft: MicrosoftSide) -> None:
    path = "/microsoft/oauth2/v2.0/revoke"
    assert microsoft.client.post(path, data={"token": microsoft.token}).status_code == 404


def test_grants_end_and_narrow_from_outside(microsoft: MicrosoftSide, google: GoogleSide) -> None:
    narrow = {"user": MARA, "provider": "microsoft", "scopes": list(MICROSOFT_SCOPES[:3])}
    microsoft.world.control("grants/scopes", narrow)
    assert microsoft.call("GET", "").status_code == 200
    assert code(microsoft.call("GET", "/calendar")) == (403, "ErrorAccessDenied")
    microsoft.world.control("grants/kill", {"user": MARA, "provider": "microsoft"})
    assert code(microsoft.call("GET", "")) == (401, "InvalidAuthenticationToken")
    assert (microsoft.refresh().json or {})["error"] == "invalid_grant"
    assert google.refresh().status_code == 200


def test_an_access_token_expires(microsoft: MicrosoftSide) -> None:
    microsoft.world.control("tokens/expire", {"user": MARA})
    assert code(microsoft.call("GET", "")) == (401, "InvalidAuthenticationToken")


def for_an_organisation(**changes: str) -> str:
    """Where BookMe sends an administrator."""
    settings = {
        "MICROSOFT_OAUTH_URL": "http://sandbox.test/microsoft/oauth2/v2.0",
        "MICROSOFT_CLIENT_ID": MICROSOFT[0],
    }
    address = urlsplit(admin_page(settings, REDIRECT))
    return f"{address.path}?{urlencode({**query(address.geturl()), **changes})}"


@pytest.mark.parametrize(
    ("answer", "name", "value"),
    [("allow", "admin_consent", "True"), ("decline", "error", "access_denied")],
)
def test_an_administrator_answers_for_an_organisation(
    microsoft: MicrosoftSide, answer: str, name: str, value: str
) -> None:
    page = microsoft.client.get(for_an_organisation())
    assert "Have full access to your calendars" in page.text
    form = BeautifulSoup(page.text, "html.parser").select_one("form[action$=adminconsent]")
    assert form is not None
    hidden = {str(one["name"]): str(one["value"]) for one in form.select("[type=hidden]")}
    back = microsoft.client.post(str(form["action"]), data={**hidden, "answer": answer})
    assert back.location.startswith(f"{REDIRECT}?")
    assert query(back.location)[name] == value


@pytest.mark.parametrize("name", ["client_id", "scope", "redirect_uri"])
def test_a_wrong_request_for_an_organisation_stays_at_microsoft(
    microsoft: MicrosoftSide, name: str
) -> None:
    address = for_an_organisation(**{name: "https://evil.example/"})
    assert microsoft.client.get(address).status_code == 400
