"""What became of a connection that was disconnected, in words."""

from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from bookme.connections import providers
from bookme.connections.service import Revocation
from bookme.web.words import listed

#: What became of a disconnected connection.
DISCONNECTED = {
    Revocation.REVOKED: (
        "good",
        _l(
            "%(provider)s is disconnected. We've revoked BookMe's permission and deleted its "
            "tokens and the account's identifiers."
        ),
    ),
    Revocation.NOT_REVOKED: (
        "warn",
        _l(
            "%(provider)s is disconnected, and we've deleted its tokens and the account's "
            "identifiers. %(provider)s didn't confirm that BookMe's permission is revoked. To be "
            "sure, remove BookMe there, under %(where)s."
        ),
    ),
    Revocation.NOT_POSSIBLE: (
        "good",
        _l(
            "%(provider)s is disconnected. We've deleted its tokens and the account's identifiers. "
            "Only you can end the permission itself at %(provider)s, under %(where)s."
        ),
    ),
    Revocation.NOT_NEEDED: (
        "good",
        _l("%(provider)s is disconnected, and we've deleted the account's identifiers."),
    ),
}
#: The same for a provider that takes a password.
_PASSWORD_DELETED = _l(
    "%(provider)s is disconnected. We've deleted its password and the account's identifiers. Only "
    "you can end the permission itself at %(provider)s, under %(where)s."
)


def disconnected(outcome: Revocation, provider: str) -> tuple[str, str]:
    """The kind of the notice, and its words, when a provider is disconnected."""
    kind, text = DISCONNECTED[outcome]
    if outcome is Revocation.NOT_POSSIBLE and providers.facts(provider).password:
        text = _PASSWORD_DELETED
    parts = {"provider": providers.label(provider), "where": end_pages(provider)}
    return kind, Markup(text) % parts


def end_pages(provider: str) -> Markup:
    """Where a host ends BookMe's permission at the provider, as links."""
    link = Markup('<a href="{}" rel="noopener">{}</a>')
    pages = [link.format(url, text) for text, url in providers.facts(provider).end_pages]
    return Markup(listed(pages, "or"))
