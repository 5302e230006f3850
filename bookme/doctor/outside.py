"""Whether the servers that BookMe needs answer, and know it."""

import smtplib
from collections.abc import Iterator
from datetime import datetime

import requests
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError

from bookme.accounts.oidc import asking, discovery
from bookme.accounts.oidc import providers as providers_of_sign_in
from bookme.deadline import what_failed
from bookme.doctor import inside
from bookme.doctor.finding import Finding
from bookme.errors import ProviderError
from bookme.mail import smtp
from bookme.providers.facts import Facts
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.registry import PROVIDERS

#: Seconds that each server has to answer.
_PATIENCE = 5


def redis(_now: datetime) -> Iterator[Finding]:
    client = Redis.from_url(
        current_app.config["REDIS_URL"], socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
    )
    try:
        version = client.info("server")["redis_version"]
        yield Finding("redis", True, f"version {version} answers")
    except RedisError as error:
        yield Finding("redis", False, f"does not answer ({type(error).__name__}): jobs wait")
    finally:
        client.close()


def mail(_now: datetime) -> Iterator[Finding]:
    settings = current_app.config
    if not settings["MAIL_CONFIGURED"]:
        yield inside.no_mail()
        return
    try:
        with smtp.connect(settings, timeout=_PATIENCE) as server:
            code, _ = server.noop()
        yield Finding(
            "mail", code == 250, f"the server at {settings['MAIL_SERVER']} answers {code}"
        )
    except (OSError, smtplib.SMTPException) as error:
        yield Finding("mail", False, f"{settings['MAIL_SERVER']}: {what_failed(error)}")


def providers(_now: datetime) -> Iterator[Finding]:
    for facts in PROVIDERS.values():
        yield _reached(facts)
        for name, without in facts.doctor.items() if facts.is_set_up(current_app.config) else ():
            is_set = bool(current_app.config[name])
            what = name.lower().replace("_", " ")
            yield Finding(what, is_set, "is set" if is_set else f"is not set: {without}")


def sign_in(now: datetime) -> Iterator[Finding]:
    """Whether each provider that people sign in with says of itself what it should."""
    for provider in providers_of_sign_in.everyone():
        what = f"sign-in with {provider.name}"
        try:
            known = asking.knows_us(provider, discovery.Budget(_PATIENCE), now=now)
        except ProviderError as error:
            words = f"{provider.issuer} doesn't answer as a provider does ({error.detail})"
            yield Finding(what, False, words)
        else:
            back = providers_of_sign_in.redirect_uri(provider.name)
            words = "knows our client id" if known else "refuses our client id and secret"
            words = f"{provider.issuer} {words}; its redirect address for us must be {back}"
            yield Finding(what, known, words)


def _reached(facts: Facts) -> Finding:
    settings, name = current_app.config, facts.name.upper()
    if facts.consent is None:
        return _answers(facts.name, settings[f"{name}_URL"])
    if facts.is_set_up(settings):
        return _client(facts.name, facts.consent.client(settings))
    if facts.is_expected:
        return Finding(facts.name, False, f"{name}_CLIENT_ID and {name}_CLIENT_SECRET are not set")
    return Finding(facts.name, True, "is not set up, so hosts cannot connect it")


def _answers(provider: str, url: str) -> Finding:
    try:
        status = requests.get(url, timeout=_PATIENCE, allow_redirects=False).status_code
        return Finding(provider, status < 500, f"answers {status}")
    except requests.RequestException as error:
        return Finding(provider, False, f"cannot be reached ({what_failed(error)})")


def _client(provider: str, ours: OAuthClient) -> Finding:
    """Whether a provider knows our client id and secret: it is asked for a code nobody has."""
    asked = {"grant_type": "authorization_code", "code": "bookme-doctor"}
    who = {"client_id": ours.client_id, "client_secret": ours.client_secret}
    in_body = ours.token_auth == "client_secret_post"
    try:
        answer = requests.post(
            ours.token_url,
            data=asked | who if in_body else asked,
            auth=None if in_body else (ours.client_id, ours.client_secret),
            timeout=_PATIENCE,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        return Finding(provider, False, f"cannot be reached ({what_failed(error)})")
    refused = any(word in answer.text for word in ("invalid_client", "unauthorized_client"))
    words = "refuses our client id and secret" if refused else "answers and knows our client id"
    return Finding(provider, not refused and answer.status_code < 500, words)
