"""The pages around an account, a module for each thing a host comes for."""

from bookme.accounts.blueprint import bp
from bookme.accounts.routes import (
    data,
    email,
    password,
    profile,
    security,
    sign_in,
    sign_up,
)

__all__ = ["bp", "data", "email", "password", "profile", "security", "sign_in", "sign_up"]
