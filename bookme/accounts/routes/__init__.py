"""The pages around an account, a module for each thing a host comes for."""

from bookme.accounts.blueprint import bp
from bookme.accounts.routes import (
    codes,
    data,
    email,
    identity,
    invitations,
    link,
    password,
    profile,
    provider,
    second_factor,
    second_step,
    security,
    sessions,
    sign_in,
    sign_up,
)

__all__ = [
    "bp",
    "codes",
    "data",
    "email",
    "identity",
    "invitations",
    "link",
    "password",
    "profile",
    "provider",
    "second_factor",
    "second_step",
    "security",
    "sessions",
    "sign_in",
    "sign_up",
]
