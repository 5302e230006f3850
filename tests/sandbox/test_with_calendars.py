"""BookMe's own calendar clients, against the sandbox on a real wire."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bookme import config
from bookme.errors import ConnectionRevoked, NotAllowed, NotFound, ProviderUnavailable
from bookme.providers.calendar import HOST_NOT_ALLOWED, CalendarProvider, EntryRequest
from bookme.providers.google.facts import SCOPES
from bookme.providers.http.grant import Grant
from bookme.providers.http.oauth import OAuthClient, new_verifier
from bookme.providers.http.remote import DEADLINE
from bookme.providers.registry import PROVIDERS
from tests.sandbox.app_side import query
from tests.sandbox_process import BEN, MARA, SandboxProcess

NOW = datetime.now(UTC).replace(microsecond=0)
WANTED = EntryRequest(
    reference="bk7",
    attempt=1,
    title="Intro call: Ana Costa",
    text="Ana Costa <ana@example.org>\nAbout the project",
    location="Room 5",
    starts_at=NOW + timedelta(days=3),
    ends_at=NOW + timedelta(days=3, minutes=30),
    zone="Europe/Berlin",
    url="http://bookme.test/dashboard/bookings/bk7",
)
NAMES = ("google", "microsoft", "icloud")


def settings(process: SandboxProcess) -> dict[str, Any]:
    """BookMe's own, as it reads them from its environment."""
    return config.load({"SECRET_KEY": "k" * 16, **process.bookme_environment()})


def oauth(process: SandboxProcess, name: str) -> OAuthClient:
    consent = PROVIDERS[name].consent
    assert consent is not None
    return consent.client(settings(process))


def granted(process: SandboxProcess, name: str, person: str = MARA, **answer: Any) -> Grant:
    client, verifier = oauth(process, name), new_verifier()
    back = f"http://bookme.test/connections/{name}/callback"
    consent = PROVIDERS[name].consent
    assert consent is not None
    asked = client.authorize(back, "state", verifier, **consent.parameters)
    code = query(process.consent(asked, person, **answer))["code"]
    return client.exchange(code, verifier, back)


def client(process: SandboxProcess, name: str, person: str = MARA) -> CalendarProvider:
    if PROVIDERS[name].password is not None:
        token = f"{person}:{process.app_password(person)}"
    else:
        token = granted(process, name, person).access_token
    opened = PROVIDERS[name].open(settings(process), token, "Europe/Berlin", DEADLINE)
    return cast(CalendarProvider, opened)


def main(provider: CalendarProvider) -> str:
    return next(one.id for one in provider.calendars() if one.is_primary)


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_lives(process: SandboxProcess, name: str) -> None:
    provider = client(process, name)
    calendar = main(provider)
    made = provider.create(calendar, WANTED)
    assert provider.create(calendar, WANTED).id == made.id
    moved = replace(WANTED, title="Other", ends_at=WANTED.ends_at + timedelta(minutes=15))
    provider.update(calendar, made.id, moved, WANTED)
    found = provider.get(calendar, made.id)
    assert (found.title, found.location, found.ends_at) == ("Other", "Room 5", moved.ends_at)
    assert not found.differs_from(moved)
    assert len([one for one in process.events(name) if one["made_by"] == "app"]) == 1
    provider.delete(calendar, made.id)
    provider.delete(calendar, made.id)
    with pytest.raises(NotFound):
        provider.get(calendar, made.id)


@pytest.mark.parametrize("name", NAMES)
def test_no_entry_of_the_hosts_own_is_changed_or_deleted(
    process: SandboxProcess, name: str
) -> None:
    """One of the same name and time, made by hand, on every way to a deletion."""

    def by_hand() -> list[dict[str, Any]]:
        return [one for one in process.events(name) if one["made_by"] != "app"]

    provider = client(process, name)
    calendar = main(provider)
    alike = {"title": WANTED.title, "starts_at": WANTED.starts_at.isoformat(), "minutes": 30}
    given = {"user": MARA, **alike}
    process.control(f"calendars/{name}/add", given)
    before = by_hand()
    assert provider.find(calendar, WANTED) is None
    made = provider.create(calendar, WANTED)
    again = provider.create(calendar, WANTED)  # as clearing an attempt of unknown outcome does
    moved = replace(WANTED, ends_at=WANTED.ends_at + timedelta(minutes=15))
    provider.update(calendar, made.id, moved, WANTED)
    provider.delete(calendar, again.id)
    provider.delete(calendar, made.id)
    assert by_hand() == before
    assert [one for one in process.events(name) if one["made_by"] == "app"] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_found_by_what_was_asked_for(process: SandboxProcess, name: str) -> None:
    provider = client(process, name)
    calendar = main(provider)
    assert provider.find(calendar, WANTED) is None
    made = provider.create(calendar, WANTED)
    later = replace(WANTED, starts_at=NOW + timedelta(days=9), ends_at=NOW + timedelta(days=10))
    provider.update(calendar, made.id, later, WANTED)
    found = provider.find(calendar, WANTED)
    assert found is not None
    assert (found.id, found.starts_at) == (made.id, later.starts_at)
    provider.delete(calendar, made.id)
    assert provider.find(calendar, WANTED) is None


@pytest.mark.parametrize("name", NAMES)
def test_busy_times_are_read_to_the_last_page(process: SandboxProcess, name: str) -> None:
    provider = client(process, name)
    calendar = main(provider)
    made = provider.create(calendar, WANTED)
    begin = NOW.replace(hour=0, minute=0, second=0)
    busy = provider.busy(calendar, begin, begin + timedelta(days=28)).busy
    assert [one.starts_at for one in busy if one.entry_id == made.id] == [WANTED.starts_at]
    lengths = [one.ends_at - one.starts_at for one in busy]
    assert lengths.count(timedelta(minutes=15)) == 20  # workdays of four weeks
    assert lengths.count(timedelta(minutes=45)) == 1  # the dentist
    assert sum(one >= timedelta(hours=47) for one in lengths) == 1  # the conference
    assert len(busy) == 20 + 4  # neither free nor declined


@pytest.mark.parametrize("name", NAMES)
def test_calendars_are_told_apart(process: SandboxProcess, name: str) -> None:
    found = client(process, name).calendars()
    assert sorted(one.may_write for one in found) == [False, True, True]
    assert [one.is_primary for one in found].count(True) == 1


@pytest.mark.parametrize("name", ["google", "microsoft"])
def test_a_link_comes_with_the_entry(process: SandboxProcess, name: str) -> None:
    provider = client(process, name)
    wanted = replace(WANTED, wants_meeting=True)
    calendar = main(provider)
    made = provider.create(calendar, wanted)
    assert made.meeting_pending or made.meeting
    link = provider.get(calendar, made.id).meeting
    assert link is not None
    assert link.join_url.startswith(process.web_url)
    changed = replace(wanted, text="Another text")
    assert provider.update(calendar, made.id, changed, wanted).meeting == link


def test_a_personal_account_is_recognised(process: SandboxProcess) -> None:
    provider = client(process, "microsoft", BEN)
    assert not provider.me().can_meet
    with pytest.raises(NotAllowed):
        provider.create(main(provider), replace(WANTED, wants_meeting=True))
    assert [one for one in process.events("microsoft") if one["made_by"] == "app"] == []


def test_an_account_without_a_mailbox_has_no_calendars(process: SandboxProcess) -> None:
    process.control("calendars/microsoft/accounts", {"user": BEN, "kind": "no-mailbox"})
    with pytest.raises(NotAllowed):
        client(process, "microsoft", BEN).me()


def test_an_unticked_box_is_seen(process: SandboxProcess) -> None:
    scope = SCOPES[0]
    grant = granted(process, "google", untick=[scope])
    assert PROVIDERS["google"].missing(grant.scopes) == {scope}


@pytest.mark.parametrize("name", ["google", "microsoft"])
def test_a_grant_is_refreshed_and_dies(process: SandboxProcess, name: str) -> None:
    grant, known = granted(process, name), oauth(process, name)
    assert PROVIDERS[name].missing(grant.scopes) == frozenset()
    assert grant.refresh_token is not None
    again = known.refresh(grant.refresh_token)
    assert (again.refresh_token is None) == (name == "google")
    process.control("grants/kill", {"user": MARA, "provider": name})
    with pytest.raises(ConnectionRevoked):
        known.refresh(grant.refresh_token)


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("google", "google.events.insert"),
        ("microsoft", "microsoft.events.create"),
        ("icloud", "icloud.put"),
    ],
)
def test_an_unknown_outcome_leaves_one_entry(
    process: SandboxProcess, name: str, operation: str
) -> None:
    provider = client(process, name)
    calendar = main(provider)
    process.control("faults", {"operation": operation, "kind": "reset-after"})
    with pytest.raises(ProviderUnavailable):
        provider.create(calendar, WANTED)
    provider.create(calendar, WANTED)
    assert len([one for one in process.events(name) if one["made_by"] == "app"]) == 1


def test_a_revoked_app_password_is_a_dead_grant(process: SandboxProcess) -> None:
    provider = client(process, "icloud")
    process.control("calendars/icloud/passwords", {"user": MARA, "revoke": True})
    with pytest.raises(ConnectionRevoked):
        provider.me()


@pytest.mark.parametrize("setting", ["icloud_home", "icloud_redirect"])
def test_the_password_goes_nowhere_else(process: SandboxProcess, setting: str) -> None:
    provider = client(process, "icloud")
    process.control("settings", {setting: "http://evil.example"})
    with pytest.raises(NotAllowed) as caught:
        provider.me()
    assert caught.value.code == HOST_NOT_ALLOWED


def test_hrefs_of_the_first_host_are_the_same_calendars(process: SandboxProcess) -> None:
    provider = client(process, "icloud")
    before = provider.calendars()
    process.control("settings", {"icloud_absolute_hrefs": True})
    assert [one.name for one in provider.calendars()] == [one.name for one in before]
