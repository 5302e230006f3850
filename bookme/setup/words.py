"""What the steps of the set-up are called."""

from flask_babel import lazy_gettext as _l

from bookme.models import SetUpStep

TITLES = {
    SetUpStep.ADDRESS: _l("Page address and time zone"),
    SetUpStep.HOURS: _l("Working hours"),
    SetUpStep.CONNECTIONS: _l("Video and calendar"),
    SetUpStep.LINK: _l("Your link"),
}
