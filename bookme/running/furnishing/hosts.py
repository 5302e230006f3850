"""The demo's hosts: Mara, whose account has a life, and Noor, who has just signed up."""

from datetime import datetime

from bookme.accounts import passwords, service
from bookme.accounts.service import Newcomer
from bookme.extensions import db
from bookme.models import User
from bookme.running import demo

_ZONE = "Europe/Berlin"


def mara(*, now: datetime) -> User:
    """Mara, made if she is missing."""
    host = _host(demo.EMAIL, "Mara Lindqvist", now=now)
    host.contact = host.contact or "mara@demo.example"
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
