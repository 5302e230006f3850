"""How people may sign in and sign up here, as the environment says it: providers of OpenID Connect,
passwords or none, and who may make an account.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

from bookme import addresses
from bookme.providers.registry import PROVIDERS

#: What a provider's settings begin with; its name follows.
PREFIX = "OIDC_"
_PARTS = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "LABEL")
#: What some providers are called and where they are, if the operator doesn't say.
_KNOWN = {
    facts.name: (facts.label, facts.sign_in_issuer)
    for facts in PROVIDERS.values()
    if facts.sign_in_issuer
}
#: Host names of one's own machine, where there is no https.
_OWN = {"localhost", "127.0.0.1", "::1"}


class SignUp(StrEnum):
    """Who may make an account."""

    OPEN = "open"
    INVITED = "invited"
    DOMAINS = "domains"


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """A provider that people sign in with.

    :ivar name: what addresses call it, such as ``google``.
    :ivar label: what people call it.
    :ivar issuer: as it names itself, character by character.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


class Reader(Protocol):
    """Reads the environment and remembers what was wrong with it."""

    environ: Mapping[str, str]
    mistakes: list[str]

    def text(self, name: str, default: str = "") -> str: ...

    def parsed(self, name: str, default: str, parse: Callable[[str], Any], must: str) -> Any: ...


def read_all(read: Reader, *, https: bool) -> dict[str, Any]:
    """The settings of signing in and up.

    :param https: whether ``PUBLIC_URL`` is, so that no provider may be without it.
    """
    providers = _providers(read, https=https)
    passwords = read.parsed("PASSWORDS", "on", _on_or_off, "must be on or off")
    if passwords is False and not read.text("OIDC_PROVIDERS"):
        read.mistakes.append("PASSWORDS can only be off if OIDC_PROVIDERS names another way in")
    must = "must be open, invited, or domains, comma-separated, such as example.com,example.org"
    mode, domains = read.parsed("SIGN_UP", "open", _sign_up, must) or (SignUp.OPEN, ())
    return {
        "OIDC_PROVIDERS": providers,
        "PASSWORDS": passwords is not False,
        "SIGN_UP": mode,
        "SIGN_UP_DOMAINS": domains,
    }


def _providers(read: Reader, *, https: bool) -> tuple[OpenIdProvider, ...]:
    must = "must be names of small letters and digits, comma-separated, such as google,work"
    names = read.parsed("OIDC_PROVIDERS", "", _names, must)
    if names is None:
        return ()
    known = {"OIDC_PROVIDERS", *(f"{PREFIX}{n.upper()}_{part}" for n in names for part in _PARTS)}
    for name in sorted(read.environ):
        if name.startswith(PREFIX) and name not in known and read.text(name):
            read.mistakes.append(f"{name} belongs to no provider that OIDC_PROVIDERS names")
    return tuple(_provider(read, name, https=https) for name in names)


def _provider(read: Reader, name: str, *, https: bool) -> OpenIdProvider:
    label, issuer = _KNOWN.get(name, (name.capitalize(), ""))
    start = f"{PREFIX}{name.upper()}_"
    given = {part: read.text(start + part) for part in _PARTS}
    issuer = given["ISSUER"] or issuer
    for part, value in (("CLIENT_ID", given["CLIENT_ID"]), ("ISSUER", issuer)):
        if not value:
            read.mistakes.append(f"{start}{part} is required, since OIDC_PROVIDERS names {name}")
    if not given["CLIENT_SECRET"]:
        read.mistakes.append(f"{start}CLIENT_SECRET is required, since OIDC_PROVIDERS names {name}")
    if issuer and not _is_issuer(issuer, https=https):
        read.mistakes.append(f"{start}ISSUER must be an address that starts with https://")
    if len(given["LABEL"]) > _LONGEST_LABEL or not given["LABEL"].isprintable():
        read.mistakes.append(f"{start}LABEL must have at most {_LONGEST_LABEL} characters")
    return OpenIdProvider(
        name, given["LABEL"] or label, issuer, given["CLIENT_ID"], given["CLIENT_SECRET"]
    )


_LONGEST_LABEL = 40


def _is_issuer(text: str, *, https: bool) -> bool:
    """Whether this can be an issuer (OpenID Connect Core, section 2): https, or on one's own
    machine http; no query, no fragment.
    """
    try:
        parts = urlsplit(text)
        own = parts.scheme == "http" and parts.hostname in _OWN and not https
    except ValueError:
        return False
    plain = not parts.query and not parts.fragment and "@" not in parts.netloc and len(text) <= 255
    return bool(parts.hostname) and plain and (parts.scheme == "https" or own)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(one.strip() for one in text.split(",") if one.strip())
    if not all(re.fullmatch(r"[a-z][a-z0-9]{0,19}", one) for one in names):
        raise ValueError(text)
    if len(set(names)) != len(names):
        raise ValueError(text)
    return names


def _sign_up(text: str) -> tuple[SignUp, tuple[str, ...]]:
    if text in (SignUp.OPEN, SignUp.INVITED):
        return SignUp(text), ()
    parts = [one.strip().removeprefix("@") for one in text.split(",") if one.strip()]
    if not parts or not all("." in one for one in parts):
        raise ValueError(text)
    return SignUp.DOMAINS, tuple(addresses.folded(f"a@{one}").partition("@")[2] for one in parts)


def _on_or_off(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError(text)
    return text == "on"
