"""The providers that people may sign in with here, as the operator has named them."""

from flask import current_app

from bookme.sign_in_settings import OpenIdProvider


def everyone() -> tuple[OpenIdProvider, ...]:
    """All of them, in the order in which pages show them."""
    found: tuple[OpenIdProvider, ...] = current_app.config["OIDC_PROVIDERS"]
    return found


def find(name: str) -> OpenIdProvider | None:
    """The provider of this name."""
    return next((one for one in everyone() if one.name == name), None)


def label(name: str) -> str:
    """What people call it; its bare name once the operator has removed it."""
    found = find(name)
    return found.label if found is not None else name


def redirect_uri(name: str) -> str:
    """Where it sends people back to; registered there, so the same in every request."""
    return f"{current_app.config['PUBLIC_URL']}/sign-in/with/{name}/callback"
