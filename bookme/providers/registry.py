"""The list of providers: the only one there is."""

from collections.abc import Mapping

from flask_babel import gettext

from bookme.providers.facts import Facts
from bookme.providers.google.facts import GOOGLE
from bookme.providers.icloud.facts import ICLOUD
from bookme.providers.meetings import MeetingOption, Meetings
from bookme.providers.microsoft.facts import MICROSOFT
from bookme.providers.zoom.facts import ZOOM

#: By name, in the order in which pages show them.
PROVIDERS: Mapping[str, Facts] = {facts.name: facts for facts in (ZOOM, GOOGLE, MICROSOFT, ICLOUD)}
#: The providers of meetings by what schedules and defaults call the meetings.
MAKERS: Mapping[str, Facts] = {
    facts.meetings.name: facts for facts in PROVIDERS.values() if facts.meetings is not None
}


def meetings(name: str | None) -> Meetings | None:
    """The meetings that a schedule or a default names; None if there are none such."""
    maker = MAKERS.get(name or "")
    return maker.meetings if maker is not None else None


def meetings_label(name: str | None) -> str:
    """What meetings are called for people; empty for none."""
    found = meetings(name)
    return found.label if found is not None else ""


def calendar_label(name: str) -> str:
    """What a provider's calendars are called for people."""
    facts = PROVIDERS.get(name)
    return (facts.calendar if facts is not None else None) or gettext("Calendar")


def meeting_options() -> tuple[MeetingOption, ...]:
    """What a schedule may choose for its meetings, over all providers, each once."""
    found: dict[str, MeetingOption] = {}
    for maker in MAKERS.values():
        if maker.meetings is not None:
            found |= {option.name: option for option in maker.meetings.options}
    return tuple(found.values())
