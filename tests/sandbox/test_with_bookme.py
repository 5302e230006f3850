"""BookMe's own clients, against the sandbox on a real wire: strictness that BookMe stands."""

from datetime import UTC, datetime, timedelta

import pytest

from bookme.clock import utcnow
from bookme.errors import ConnectionRevoked, NotFound, ProviderUnavailable, TokenRefused
from bookme.providers.http.grant import Grant
from bookme.providers.http.oauth import OAuthClient, new_verifier
from bookme.providers.video import MeetingRequest, Plan
from bookme.providers.zoom.client import SCOPES, Zoom
from tests.sandbox.app_side import REDIRECT, query
from tests.sandbox_process import BEN, CLIENT_ID, CLIENT_SECRET, SandboxProcess

WANTED = MeetingRequest(
    reference="bk7",
    topic="Intro call: Ana Costa",
    agenda="About the project",
    starts_at=datetime(2099, 3, 8, 15, 0, tzinfo=UTC),
    duration_minutes=30,
    zone="Europe/Berlin",
    options={"waiting_room": False, "join_before_host": True, "passcode": True},
)


@pytest.fixture
def oauth(process: SandboxProcess) -> OAuthClient:
    base = f"{process.web_url}/zoom/oauth"
    addresses = (f"{base}/authorize", f"{base}/token", f"{base}/revoke")
    return OAuthClient("zoom", CLIENT_ID, CLIENT_SECRET, *addresses)


@pytest.fixture
def granted(process: SandboxProcess, oauth: OAuthClient) -> Grant:
    verifier = new_verifier()
    back = process.consent(oauth.authorize(REDIRECT, "state", verifier), person=BEN)
    return oauth.exchange(query(back)["code"], verifier, REDIRECT)


@pytest.fixture
def zoom(process: SandboxProcess, granted: Grant) -> Zoom:
    return Zoom(f"{process.web_url}/zoom/v2", granted.access_token)


def test_a_host_connects(zoom: Zoom, granted: Grant) -> None:
    assert set(SCOPES) <= granted.scopes
    account = zoom.me()
    assert (account.label, account.plan) == (BEN, Plan.BASIC)


def test_a_pair_is_refreshed_once_and_revoked(oauth: OAuthClient, granted: Grant) -> None:
    new = oauth.refresh(granted.refresh_token or "")
    with pytest.raises(ConnectionRevoked):
        oauth.refresh(granted.refresh_token or "")
    oauth.revoke(new.access_token)
    oauth.revoke(new.access_token)
    with pytest.raises(ConnectionRevoked):
        oauth.refresh(new.refresh_token or "")


def test_a_meeting_lives(zoom: Zoom, process: SandboxProcess) -> None:
    made = zoom.create(WANTED)
    [found] = zoom.find(WANTED, attempted_at=utcnow())
    assert (found.id, found.reference) == (made.id, "bk7")
    later = MeetingRequest.from_json(
        {**WANTED.to_json(), "starts_at": (WANTED.starts_at + timedelta(days=1)).isoformat()}
    )
    zoom.update(made.id, later, WANTED)
    assert zoom.get(made.id).starts_at == later.starts_at
    assert process.meetings()[0]["reference"] == "bk7"
    zoom.cancel(made.id)
    zoom.cancel(made.id)
    with pytest.raises(NotFound):
        zoom.get(made.id)


def test_an_unknown_outcome_is_known_as_such(zoom: Zoom, process: SandboxProcess) -> None:
    process.control("faults", {"operation": "create", "kind": "reset-after"})
    with pytest.raises(ProviderUnavailable) as caught:
        zoom.create(WANTED)
    assert caught.value.sent
    assert len(zoom.find(WANTED, attempted_at=utcnow())) == 1


def test_an_expired_token_is_refused(zoom: Zoom, process: SandboxProcess) -> None:
    process.control("tokens/expire", {})
    with pytest.raises(TokenRefused):
        zoom.me()
