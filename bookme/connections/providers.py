"""The providers a host may connect, as this server is set up for them."""

from flask import current_app

from bookme import video
from bookme.oauth import OAuthClient
from bookme.remote import DEADLINE
from bookme.video import PROVIDERS, VideoProvider

__all__ = [
    "NAMES",
    "client",
    "exists",
    "is_set_up",
    "label",
    "redirect_uri",
    "scopes",
    "video_provider",
]

#: In the order in which pages show them.
NAMES = tuple(PROVIDERS)


def exists(provider: str) -> bool:
    """Whether BookMe knows such a provider."""
    return provider in PROVIDERS


def label(provider: str) -> str:
    """The provider's name on pages and in mails."""
    return PROVIDERS[provider].label


def scopes(provider: str) -> frozenset[str]:
    """The permissions a grant must hold."""
    return frozenset(PROVIDERS[provider].scopes)


def is_set_up(provider: str) -> bool:
    """Whether the operator has given BookMe credentials for this provider."""
    return bool(current_app.config[f"{provider.upper()}_CLIENT_ID"])


def redirect_uri(provider: str) -> str:
    """Where the provider sends hosts back to; registered there, so the same in every request."""
    return f"{current_app.config['PUBLIC_URL']}/connections/{provider}/callback"


def client(provider: str) -> OAuthClient:
    """BookMe as this provider's OAuth client."""
    config, name = current_app.config, provider.upper()
    base = config[f"{name}_OAUTH_URL"]
    return OAuthClient(
        provider=provider,
        client_id=config[f"{name}_CLIENT_ID"],
        client_secret=config[f"{name}_CLIENT_SECRET"],
        authorize_url=f"{base}/authorize",
        token_url=f"{base}/token",
        revoke_url=f"{base}/revoke",
    )


def video_provider(provider: str, token: str, *, deadline: float = DEADLINE) -> VideoProvider:
    """The provider's API for one host.

    :param deadline: seconds for the whole of each call.
    """
    url = current_app.config[f"{provider.upper()}_API_URL"]
    return video.provider(provider, url, token, deadline=deadline)
