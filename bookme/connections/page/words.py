"""What connections are said to be, in words. ``%(provider)s`` is the provider's name for people."""

from collections.abc import Iterable

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bookme.connections import providers
from bookme.connections.connecting.linking import Connected
from bookme.models import Problem

#: What is wrong, and what the host can do about it.
PROBLEMS = {
    Problem.GRANT_ENDED: (
        _l("%(provider)s no longer lets BookMe in."),
        _l("Connect %(provider)s again. Meetings that are waiting will be created then."),
    ),
    Problem.REPLACED: (
        _l("The same %(provider)s account was connected to another BookMe account."),
        _l(
            "Connect this %(provider)s account again, which disconnects it from the other BookMe "
            "account, or connect a different one."
        ),
    ),
    Problem.SCOPE_MISSING: (
        _l("A permission that BookMe needs is missing."),
        _l("Connect %(provider)s again and allow everything it asks for."),
    ),
    Problem.USER_MISSING: (
        _l("%(provider)s no longer has this account."),
        _l("Connect the %(provider)s account that you use now."),
    ),
    Problem.REMOVED: (
        _l("BookMe was removed from your %(provider)s account."),
        _l("Connect %(provider)s again if you want to keep using it."),
    ),
    Problem.RESTORED: (
        _l(
            "This server was restored from a backup, so the connection to %(provider)s is out of "
            "date."
        ),
        _l("Connect %(provider)s again. Meetings that are waiting will be created then."),
    ),
}
#: The same for a provider that takes a password.
PASSWORD_ENDED = (
    _l("%(provider)s no longer accepts the app-specific password."),
    _l("Create a new one at %(where)s, then connect %(provider)s again."),
)
_NO_MEETINGS = _l(
    "Until then, new bookings get no video link, and meetings aren't rescheduled or cancelled with "
    "their bookings."
)
_NO_ENTRIES = _l(
    "Until then, bookings aren't added to its calendars or kept up to date there, and they get no "
    "video link that comes with a calendar event."
)
_NO_TIMES = _l(
    "An hour after the problem began, your schedules stop offering times, because we no longer "
    "know when you're busy."
)


def permissions(provider: str, scopes: Iterable[str]) -> list[str]:
    """What these scopes allow, in the words of the provider's consent page, each once."""
    named = providers.facts(provider).permissions
    return list(dict.fromkeys(str(text) for scope, text in named.items() if scope in set(scopes)))


def problem(kind: Problem, provider: str) -> tuple[str, str]:
    """What is wrong with a connection, and what to do."""
    facts = providers.facts(provider)
    by_password = facts.password if kind is Problem.GRANT_ENDED else None
    what, remedy = PASSWORD_ENDED if by_password else PROBLEMS[kind]
    parts = {"provider": facts.label, "where": by_password.made_at if by_password else ""}
    return what % parts, remedy % parts


def for_administrator(provider: str) -> str:
    """What a host can send to the administrator who has to agree first."""
    facts, site = providers.facts(provider), current_app.config["PUBLIC_URL"]
    request = _(
        "I'd like to use BookMe (%(site)s) with my %(provider)s account. An administrator needs to "
        "agree to this:",
        site=site,
        provider=facts.label,
    )
    wanted = [f"- {one}" for one in permissions(provider, facts.scopes)]
    address = providers.admin_consent_url(provider)
    how = (
        [_("To agree for our organization, open this address and accept:"), address]
        if address
        else [
            _(
                "You can allow it in the administration of our %(provider)s accounts, where apps "
                "are given access.",
                provider=facts.label,
            )
        ]
    )
    return "\n".join([request, *wanted, "", *how])


def until_mended(provider: str, *, is_checked: bool) -> list[str]:
    """What does not happen while a connection is broken, in sentences.

    :param is_checked: one of its calendars is checked for conflicts.
    """
    if not providers.facts(provider).has_calendars:
        return [str(_NO_MEETINGS)]
    return [str(_NO_ENTRIES), str(_NO_TIMES)] if is_checked else [str(_NO_ENTRIES)]


def connected(provider: str, outcome: Connected) -> tuple[str, str]:
    """The kind of the notice, and its words, when a provider is connected."""
    facts = providers.facts(provider)
    said = _("%(provider)s is connected.", provider=facts.label)
    if outcome.instead_of:
        said = _(
            "%(provider)s is connected as %(account)s, instead of %(other)s.",
            provider=facts.label,
            account=outcome.account,
            other=outcome.instead_of,
        )
    if facts.meets is None or outcome.can_meet:
        return "good", said
    return "warn", f"{said} {cannot_meet(provider)}"


def cannot_meet(provider: str) -> str:
    """Why a connection makes no meetings, in whole sentences."""
    meetings = providers.facts(provider).meetings
    if meetings is None:
        return ""
    none = _("BookMe can't create %(meetings)s meetings with it.", meetings=meetings.label)
    return f"{meetings.none_because} {none}".strip()
