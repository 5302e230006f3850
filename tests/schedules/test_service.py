import pytest
from flask import Flask

from bookme.extensions import db
from bookme.models import OFFICE_HOURS, LocationKind
from bookme.schedules import listing, service
from tests import factories
from tests.factories import NOW

VALUES = {
    "title": "Intro call",
    "slug": "",
    "zone": "UTC",
    "week": OFFICE_HOURS,
    "overrides": {},
    "location_kind": LocationKind.IN_PERSON,
    "address": "1 Main Street",
}


def test_a_slug_is_made_from_the_title(app: Flask) -> None:
    host = factories.host()
    slugs = [service.create(host, VALUES, now=NOW).slug for _ in range(3)]
    assert slugs == ["intro-call", "intro-call-2", "intro-call-3"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Über uns & Café!", "uber-uns-cafe"),
        ("  --  ", "appointment"),
        ("日本語", "appointment"),
        ("x" * 200, "x" * 60),
    ],
    ids=["accents", "signs", "no-latin", "long"],
)
def test_titles_become_addresses(title: str, slug: str) -> None:
    assert service.slug_of(title) == slug


def test_a_taken_slug_is_refused_and_the_transaction_goes_on(app: Flask) -> None:
    host = factories.host()
    service.create(host, VALUES | {"slug": "intro"}, now=NOW)
    with pytest.raises(service.SlugTaken):
        service.create(host, VALUES | {"slug": "intro"}, now=NOW)
    db.session.commit()
    assert [schedule.slug for schedule in listing.page(host).schedules] == ["intro"]


def test_another_host_may_have_the_same_slug(app: Flask) -> None:
    for host in (factories.host(), factories.host(another=True)):
        assert service.create(host, VALUES | {"slug": "intro"}, now=NOW).slug == "intro"


def test_deleting_sets_the_slug_free_and_keeps_bookings(app: Flask) -> None:
    booking = factories.booking()
    schedule = booking.schedule
    service.delete(schedule, now=NOW)
    db.session.commit()
    assert service.find(schedule.host, schedule.id) is None
    again = service.create(schedule.host, VALUES | {"slug": "intro"}, now=NOW)
    assert again.slug == "intro"
    assert booking.holds_time


def test_a_video_meeting_needs_a_provider(app: Flask) -> None:
    host = factories.host()
    video = VALUES | {"location_kind": LocationKind.VIDEO}
    with pytest.raises(service.NoProvider):
        service.create(host, video, now=NOW)
    assert service.create(host, video | {"video_provider": "zoom"}, now=NOW).provider == "zoom"
    host.default_video_provider = "zoom"
    assert service.create(host, video, now=NOW).provider == "zoom"


def test_a_schedule_without_its_own_provider_follows_the_default(app: Flask) -> None:
    schedule = factories.schedule(
        host=factories.host(default_video_provider="zoom"), location_kind=LocationKind.VIDEO
    )
    assert schedule.provider == "zoom"
    schedule.location_kind = LocationKind.PHONE
    assert schedule.provider is None


def test_a_copy_is_switched_off_and_has_its_own_address(app: Flask) -> None:
    schedule = factories.schedule(buffer_after_minutes=10, overrides={"2027-12-24": []})
    copy = service.duplicate(schedule, now=NOW)
    assert (copy.title, copy.slug, copy.active) == ("Intro call (copy)", "intro-call-copy", False)
    assert (copy.week, copy.overrides) == (schedule.week, schedule.overrides)
    assert copy.buffer_after_minutes == 10


def test_somebody_elses_schedule_is_not_found(app: Flask) -> None:
    schedule = factories.schedule()
    assert service.find(factories.host(another=True), schedule.id) is None
