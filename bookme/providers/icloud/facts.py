"""What the rest of BookMe asks about iCloud, which takes a password instead of a consent."""

from flask_babel import lazy_gettext as _l

from bookme.providers.facts import Facts, Password
from bookme.providers.icloud import app_password
from bookme.providers.icloud.client import ICloudCalendar
from bookme.providers.setting import Kind, Setting, Settings


def _open(settings: Settings, token: str, zone: str, deadline: float) -> ICloudCalendar:
    apple_id, _, password = token.partition(":")
    return ICloudCalendar(
        *(settings["ICLOUD_URL"], apple_id, password),
        hosts=settings["ICLOUD_HOSTS"],
        zone=zone,
        deadline=deadline,
    )


ICLOUD = Facts(
    name="icloud",
    label="iCloud",
    title="iCloud",
    icon="icon-calendar-i",
    offer=_l("Busy times from Apple Calendar, and bookings added to it"),
    open=_open,
    calendar="iCloud",
    password=Password(tidy=app_password.tidy, made_at="account.apple.com"),
    can_revoke=False,
    end_pages=((_l("App-Specific Passwords"), "https://account.apple.com"),),
    settings=(
        Setting("ICLOUD_URL", Kind.URL, "https://caldav.icloud.com/"),
        Setting("ICLOUD_HOSTS", Kind.HOSTS, "caldav.icloud.com,*.icloud.com"),
    ),
)
