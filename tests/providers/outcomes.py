"""Calls that fail, and what of it a log could show."""

from collections.abc import Callable

from bookme.errors import ProviderError
from bookme.providers.calendar import CalendarProvider
from tests import wire
from tests.providers.conftest import BEGIN, END, TOKEN, request

Call = Callable[[CalendarProvider], object]


def me(provider: CalendarProvider) -> object:
    return provider.me()


def calendars(provider: CalendarProvider) -> object:
    return provider.calendars()


def busy(provider: CalendarProvider) -> object:
    return provider.busy("calendar", BEGIN, END)


def create(provider: CalendarProvider) -> object:
    return provider.create("calendar", request())


def create_meeting(provider: CalendarProvider) -> object:
    return provider.create("calendar", request(wants_meeting=True))


def get(provider: CalendarProvider) -> object:
    return provider.get("calendar", "entry")


def update(provider: CalendarProvider) -> object:
    return provider.update("calendar", "entry", request(title="Other"), request())


def delete(provider: CalendarProvider) -> object:
    return provider.delete("calendar", "entry")


def outcome(call: Callable[[], object]) -> ProviderError | None:
    """The error of a call, which must show nothing secret; None if it succeeded."""
    try:
        call()
    except ProviderError as error:
        shown = wire.shown(error)
        assert TOKEN not in shown
        assert "SECRET" not in shown
        return error
    return None
