"""What the rest of BookMe asks about a provider. Each provider's folder holds its own.

What a host reads of it is a lazy text: it is put into the reader's language when it is shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from flask_babel import lazy_gettext as _l

from bookme.providers.calendar import CalendarProvider
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.meetings import Meetings
from bookme.providers.setting import Setting, Settings
from bookme.providers.video import VideoProvider

#: What talks to a provider on a host's behalf.
Provider: TypeAlias = VideoProvider | CalendarProvider


@dataclass(frozen=True, slots=True)
class Consent:
    """How a host agrees at the provider (OAuth).

    :ivar client: BookMe as the provider's OAuth client.
    :ivar page_setting: the setting with the address of the consent page.
    :ivar parameters: what that page wants besides the usual ones.
    :ivar advice: what to do there, after it withheld a permission; a sentence, perhaps with the
        provider's label in it.
    :ivar admin_page: where an administrator agrees for a whole organization, by the settings and
        our redirect address; None where there is no such page.
    """

    client: Callable[[Settings], OAuthClient]
    page_setting: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    advice: str = _l("When %(provider)s asks, leave everything allowed.")
    admin_page: Callable[[Settings, str], str] | None = None


@dataclass(frozen=True, slots=True)
class Password:
    """How a host lets BookMe in with a password made for it.

    :ivar tidy: the password as the provider writes it; a ValueError has words for who typed it.
    :ivar made_at: where a host makes one.
    """

    tidy: Callable[[str], str]
    made_at: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One provider.

    :ivar name: its short name in columns and addresses, and, in capitals, before its settings.
    :ivar label: its name in a sentence.
    :ivar title: what of it BookMe uses, as a heading.
    :ivar offer: what connecting it is good for.
    :ivar open: its API for one host: settings, access token or :func:`credentials`, the host's zone
        (for whole days of a calendar that names none), and seconds for the whole of each call.
    :ivar calendar: its calendars' name for people; None if it has none.
    :ivar meetings: the meetings that are made over its connection; None if it makes none.
    :ivar permissions: what a grant must hold, and each in the words of the consent page.
    :ivar identifying: those of them that tell whose grant it is.
    :ivar ends_earlier: a user's earlier grants end when they make another.
    :ivar ends_together: to revoke one grant ends all of the same user's.
    :ivar waits_as_one: a wait it asks for holds for all that is asked of the account.
    :ivar can_revoke: BookMe can end a grant; else only its host can.
    :ivar end_pages: where a host ends BookMe's permission: name and address.
    :ivar settings: besides the client id and secret that a :class:`Consent` needs.
    :ivar doctor: the settings without which something fails, and what.
    :ivar tells_of_removals: it tells us when a host removes BookMe there, and waits for an answer.
    :ivar has_shop: hosts may come from an app shop of the provider's, to a page of their own.
    :ivar is_expected: a server without it is not complete.
    :ivar icon: its mark in our sprite; drawn by us where its brand's rules don't allow its own.
    :ivar help_page: the endpoint of the page that helps with it.
    :ivar sign_in_issuer: where people sign in to other sites with it; empty if they don't.
    """

    name: str
    label: str
    title: str
    offer: str
    open: Callable[[Settings, str, str, float], Provider]
    calendar: str | None = None
    meetings: Meetings | None = None
    consent: Consent | None = None
    password: Password | None = None
    permissions: Mapping[str, str] = field(default_factory=dict)
    identifying: frozenset[str] = frozenset()
    ends_earlier: bool = False
    ends_together: bool = False
    waits_as_one: bool = True
    can_revoke: bool = True
    end_pages: tuple[tuple[str, str], ...] = ()
    settings: tuple[Setting, ...] = ()
    doctor: Mapping[str, str] = field(default_factory=dict)
    tells_of_removals: bool = False
    has_shop: bool = False
    is_expected: bool = False
    icon: str = "icon-calendar"
    help_page: str = "help.calendars"
    sign_in_issuer: str = ""

    @property
    def scopes(self) -> frozenset[str]:
        """The permissions a grant must hold."""
        return frozenset(self.permissions)

    @property
    def has_calendars(self) -> bool:
        return self.calendar is not None

    @property
    def meets(self) -> str | None:
        """The name of its meetings; None if it makes none."""
        return self.meetings.name if self.meetings is not None else None

    def missing(self, granted: frozenset[str]) -> frozenset[str]:
        """Which permissions a grant lacks. One that names none holds what was asked for, and more
        than that is welcome.

        Microsoft may answer with its API's address before the name, and in other letters.
        """
        held = {_short(scope) for scope in granted}
        return frozenset(s for s in self.permissions if granted and _short(s) not in held)

    def is_set_up(self, settings: Settings) -> bool:
        """Whether the operator has given BookMe credentials for it, if it takes any."""
        return self.consent is None or bool(settings[f"{self.name.upper()}_CLIENT_ID"])


def _short(scope: str) -> str:
    return scope.rpartition("/")[2].casefold()
