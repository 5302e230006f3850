"""The providers a host may connect, as this server is set up for them."""

from typing import cast

from flask import current_app

from bookme.providers.calendar import CalendarProvider
from bookme.providers.facts import Facts, Provider
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.http.remote import DEADLINE
from bookme.providers.registry import PROVIDERS

__all__ = [
    "NAMES",
    "WITH_CALENDARS",
    "Provider",
    "admin_consent_url",
    "client",
    "credentials",
    "exists",
    "facts",
    "is_set_up",
    "label",
    "open_as",
    "open_calendars",
    "redirect_uri",
]

#: In the order in which pages show them.
NAMES = tuple(PROVIDERS)
#: Those that have calendars.
WITH_CALENDARS = tuple(name for name, facts in PROVIDERS.items() if facts.has_calendars)


def exists(provider: str) -> bool:
    """Whether BookMe knows such a provider."""
    return provider in PROVIDERS


def facts(provider: str) -> Facts:
    """What is known of a provider."""
    return PROVIDERS[provider]


def label(provider: str) -> str:
    """The provider's name on pages and in mails."""
    return PROVIDERS[provider].label


def is_set_up(provider: str) -> bool:
    """Whether the operator has given BookMe credentials for this provider, if it takes any."""
    return PROVIDERS[provider].is_set_up(current_app.config)


def redirect_uri(provider: str) -> str:
    """Where the provider sends hosts back to; registered there, so the same in every request."""
    return f"{current_app.config['PUBLIC_URL']}/connections/{provider}/callback"


def admin_consent_url(provider: str) -> str:
    """Where an administrator lets a whole organization use BookMe; empty where there is no such
    page. It ends at our own address, which then has nothing to do.
    """
    consent = PROVIDERS[provider].consent
    if consent is None or consent.admin_page is None:
        return ""
    return consent.admin_page(current_app.config, redirect_uri(provider))


def client(provider: str) -> OAuthClient:
    """BookMe as this provider's OAuth client.

    :raises LookupError: if the provider has no consent page.
    """
    consent = PROVIDERS[provider].consent
    if consent is None:
        raise LookupError(f"{provider} has no consent page")
    return consent.client(current_app.config)


def credentials(username: str, password: str) -> str:
    """What stands for an access token where there is a password: as HTTP's Basic writes it."""
    return f"{username}:{password}"


def open_as(
    provider: str, token: str, *, zone: str = "UTC", deadline: float = DEADLINE
) -> Provider:
    """The provider's API for one host: of its meetings, or of its calendars.

    :param token: an access token, or :func:`credentials`.
    :param zone: the host's own, for whole days in a calendar that names none.
    :param deadline: seconds for the whole of each call.
    """
    return PROVIDERS[provider].open(current_app.config, token, zone, deadline)


def open_calendars(
    provider: str, token: str, *, zone: str = "UTC", deadline: float = DEADLINE
) -> CalendarProvider:
    """As :func:`open_as`, for a provider that has calendars."""
    return cast(CalendarProvider, open_as(provider, token, zone=zone, deadline=deadline))
