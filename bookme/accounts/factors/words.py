"""What is said by mail of each change of a host's second factors."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bookme.accounts.factors.service import Change


@dataclass(frozen=True, slots=True)
class Said:
    """The heading, which is the subject too, and what happened in a sentence."""

    heading: LazyString
    lead: LazyString


def said(change: Change, *, has_password: bool) -> Said:
    """What is said of a change to a host.

    :param has_password: whether a password lets the host in.
    """
    return (SAID if has_password else _WITHOUT_PASSWORD)[change]


SAID: Mapping[Change, Said] = {
    Change.APP_ADDED: Said(
        _l("An authenticator app was added to your account"),
        _l("From now on, we ask for a code from the app when you sign in with your password."),
    ),
    Change.APP_REMOVED: Said(
        _l("Your authenticator app was removed"),
        _l("Codes from the app aren’t needed for your BookMe account anymore."),
    ),
    Change.PASSKEY_ADDED: Said(
        _l("A passkey was added to your account"),
        _l("You can sign in to BookMe with the passkey alone, without your password."),
    ),
    Change.PASSKEY_REMOVED: Said(
        _l("A passkey was removed from your account"),
        _l("Nobody can sign in to your BookMe account with it anymore."),
    ),
    Change.CODES_MADE: Said(
        _l("Your recovery codes were replaced"),
        _l("The recovery codes that you had before don’t work anymore."),
    ),
    Change.CODE_USED: Said(
        _l("A recovery code was used"),
        _l(
            "Someone used one of the recovery codes of your BookMe account. It can’t be used again."
        ),
    ),
    Change.REMOVED_BY_OPERATOR: Said(
        _l("Your second factor was removed"),
        _l(
            "The people who run this site removed your authenticator app, your passkeys and your "
            "recovery codes. You’re signed out everywhere. Sign in with your password."
        ),
    ),
}
_WITHOUT_PASSWORD = {
    **SAID,
    Change.APP_ADDED: Said(
        SAID[Change.APP_ADDED].heading,
        _l("From now on, we ask for a code from the app when you sign in."),
    ),
    Change.PASSKEY_ADDED: Said(
        SAID[Change.PASSKEY_ADDED].heading,
        _l("You can sign in to BookMe with the passkey alone."),
    ),
    Change.REMOVED_BY_OPERATOR: Said(
        SAID[Change.REMOVED_BY_OPERATOR].heading,
        _l(
            "The people who run this site removed your authenticator app, your passkeys and your "
            "recovery codes. You’re signed out everywhere. Sign in with a provider that knows "
            "you by this e-mail address, such as the one that you used before."
        ),
    ),
}
