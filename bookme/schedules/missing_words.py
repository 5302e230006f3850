"""What a schedule lacks, in words for its host, with the one thing that mends it."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from bookme.connections import providers
from bookme.models import Schedule
from bookme.schedules.missing import Kind, Lack
from bookme.web.filters import duration


@dataclass(frozen=True, slots=True)
class Said:
    """One lack in words.

    :ivar address: where its button leads, or sends a form (``acts``); empty for no button.
    """

    title: str
    text: str
    button: str = ""
    address: str = ""
    acts: bool = False


def said(lack: Lack, schedule: Schedule | None, *, in_editor: bool = False) -> Said:
    """A lack in words.

    :param schedule: the one that lacks it; None for one that isn't saved yet.
    :param in_editor: it is said on the page that its button would lead to.
    """
    title, text = _words(lack)
    if lack.can_connect:
        name = providers.label(lack.connection)
        again = lack.kind is Kind.NEEDS_RECONNECT
        button = _("Reconnect %(provider)s", provider=name) if again else _connect(name)
        address = url_for("connections.connect", provider=lack.connection)
        return Said(title, text, button, address, acts=True)
    if lack.kind is Kind.NO_PROVIDER:
        button, address = _("Connect a video provider"), url_for("connections.index")
        return Said(title, text, button, address)
    if schedule is None or schedule.id is None:
        return Said(title, text)
    if lack.kind is Kind.NO_HOURS:
        return Said(title, text, _("Edit hours"), _hours(schedule))
    if in_editor:
        return Said(title, text)
    edit = url_for("schedules.edit", schedule_id=schedule.id)
    return Said(title, text, _("Edit schedule"), edit)


def _connect(name: str) -> str:
    return _("Connect %(provider)s", provider=name)


def _hours(schedule: Schedule) -> str:
    if schedule.opening_hours_id is not None and schedule.dates is None:
        return url_for("hours.edit", set_id=schedule.opening_hours_id)
    return url_for("schedules.edit", schedule_id=schedule.id, _anchor="part-hours")


def _words(lack: Lack) -> tuple[str, str]:
    name = providers.label(lack.connection) if lack.connection else ""
    no_link = _("New bookings get no link. Bookers read that you’ll send it.")
    if lack.kind is Kind.TOO_LONG:
        return _("Longer than your plan allows."), _(
            "%(length)s on a Basic plan: %(provider)s ends it after %(ends)s.",
            length=duration(lack.length),
            provider=name,
            ends=duration(lack.ends),
        )
    said = {
        Kind.NO_PROVIDER: (_("No video provider is connected."), no_link),
        Kind.NOT_CONNECTED: (_("%(provider)s isn't connected.", provider=name), no_link),
        Kind.NEEDS_RECONNECT: (_("%(provider)s needs your attention.", provider=name), no_link),
        Kind.CANNOT_MEET: (
            _("%(provider)s can't create these meetings.", provider=name),
            _("The connected account doesn't create meetings. Choose another provider."),
        ),
        Kind.NO_HOURS: (_("No opening hours ahead."), _("Nobody can book this schedule.")),
        Kind.NO_ADDRESS: (_("The address is missing."), _("Bookers don’t learn where it is.")),
        Kind.NO_PHONE: (
            _("Your phone number is missing."),
            _("Bookers don’t learn which number to call."),
        ),
    }
    return said[lack.kind]
