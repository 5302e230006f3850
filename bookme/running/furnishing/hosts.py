"""The demo's hosts: Mara, whose account has a life, and Noor, who has just signed up."""

from datetime import datetime

from bookme.accounts import passwords, service
from bookme.accounts.service import Newcomer
from bookme.extensions import db
from bookme.face import service as face
from bookme.models import User
from bookme.running import demo
from bookme.running.furnishing.portrait import portrait

_ZONE = "Europe/Berlin"
_HEADLINE = "Product designer in Berlin"
_WELCOME = "Good to see you here. Pick what suits you; you can reschedule at any time."


def mara(*, now: datetime) -> User:
    """Mara, made if she is missing."""
    host = _host(demo.EMAIL, "Mara Lindqvist", now=now)
    if host.picture is None and not host.contact:
        host.contact = "mara@demo.example"
        face.set_picture(host, portrait(), now=now)
        face.change(
            host, headline=_HEADLINE, welcome=_WELCOME, accent="#0f766e", is_searchable=True
        )
    return host


def noor(*, now: datetime) -> User:
    """Noor, made if she is missing."""
    return _host(demo.EMPTY_EMAIL, "Noor Haddad", now=now)


def _host(email: str, name: str, *, now: datetime) -> User:
    found = service.find(email)
    if found is not None:
        return found
    hashed = passwords.hash_password(demo.PASSWORD)
    host = service.new_host(Newcomer(name, email, hashed, zone=_ZONE), now=now)
    service.confirm(host, now=now)
    host.handle = name.split()[0].lower()
    db.session.flush()
    return host
