"""What people read when signing in at a provider comes to nothing."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bookme.accounts.oidc.refusal import Refusal

_SAID: Mapping[Refusal, LazyString] = {
    Refusal.STALE: _l("That took too long, or was begun in another browser. Try again."),
    Refusal.DECLINED: _l("%(provider)s didn’t sign you in, because you cancelled or it refused."),
    Refusal.UNAVAILABLE: _l("%(provider)s didn’t answer. Wait a minute, then try again."),
    Refusal.NOT_BELIEVED: _l(
        "We couldn’t verify the answer from %(provider)s, so you aren’t signed in. Try again. If"
        " it happens again, tell the people who run this site."
    ),
    Refusal.NO_EMAIL: _l(
        "%(provider)s didn’t give us your e-mail address, which we need for your account. Allow it"
        " there, then try again."
    ),
    Refusal.UNVERIFIED: _l(
        "%(provider)s hasn’t verified your e-mail address. Confirm the address there, then try"
        " again."
    ),
    Refusal.ANOTHER_ADDRESS: _l(
        "To link %(provider)s, use an account there that has the same e-mail address as your"
        " BookMe account."
    ),
    Refusal.ANOTHER_ACCOUNT: _l("That %(provider)s account is linked to another BookMe account."),
    Refusal.NOT_YOURS: _l(
        "That %(provider)s account isn’t linked to your BookMe account. Use the one that is."
    ),
    Refusal.NOT_RECENT: _l(
        "%(provider)s didn’t ask you to sign in again. Sign out there, then try again."
    ),
    Refusal.CLOSING: _l("Your account is being deleted. After that, you can sign up again."),
    Refusal.NOT_ADMITTED: _l("You can’t make an account here."),
}


def said(refusal: Refusal, provider: str) -> str:
    """What to read.

    :param provider: its name for people.
    """
    return str(_SAID[refusal]) % {"provider": provider}
