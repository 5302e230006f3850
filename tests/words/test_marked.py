"""Every text that a person reads is given to translators."""

import re
from pathlib import Path

import pytest

from tests.words.unmarked import PACKAGE, files, unmarked

#: What looks like words and is none, by file: for machines, for logs, or a name of the provider's.
FALSE_ALARMS: dict[str, tuple[str, ...]] = {
    "bookings/asking/phone.py": ('<div class="phone">',),
    "public/details.py": ("private, no-cache",),
    "accounts/browsers.py": ("Edg", "Mac OS X"),
    "accounts/handles.py": ("\nabout abuse account",),
    "accounts/links.py": ("bookme account link:",),
    "bookings/email_proof.py": ("bookme booking proof:",),
    "bookings/new_address.py": ("bookme new address:",),
    "accounts/zones.py": (
        *("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian"),
        *("Arctic", "Antarctica", "Factory"),
    ),
    "accounts/tries.py": ("passwords of a browser", "passwords from"),
    "bookings/dashboard/booking_for.py": ("host {}",),
    "bookings/minute_columns.py": ("CAST(",),
    "guard/blocks.py": ("block {}",),
    "guard/coming.py": ("too many bookings",),
    "guard/mailing.py": ("mail by {}", "mail from", "account mail"),
    "public/again.py": ("304 NOT MODIFIED",),
    "public/kept.py": ("private, no-cache",),
    "public/links.py": ('<span class="day off', '<a id="d-'),
    "report/letters.py": ("bookme hosts show {}",),
    "embedding/snippet.py": ("<script src=",),
    "connections/grants/refreshing.py": ("a refresh failed just now",),
    "connections/page/password_routes.py": ("20 per hour",),
    "providers/icloud/dav/conversation.py": ("an address", "leads to {}, which", "answered {}"),
    "providers/reference.py": ("BookMe reference ",),
    "feed/tokens.py": ("bookme calendar feed",),
    "providers/zoom/facts.py": ("removals at Zoom's side go unheard",),
    "sealed.py": ("{} user",),
    "typed.py": ('<span dir="auto"',),
    "bookings/dashboard/written.py": (
        *('<ul class="list"', '<li class="booking{}', '<span class="badge', ' <a class="button"'),
    ),
    "face/colours.py": ("{}{{}}\n@media",),
    "public/cells.py": (
        *('<th scope="col">', '<tr class="near">', '<td><span class="day', '<td><a id="d-'),
        *("<h3><small>", '<span class="time present">', '<a class="time'),
    ),
    "web/assets/answers.py": ("Cookie",),
    "web/assets/serving.py": ("public, max-age",),
    "public/weeks.py": ("AG AO AS", "AF BH DJ"),
    "templates/macros/swap.html": ('ref="', ' hx-get="', ' hx-target="#picker"'),
    "web/error_pages.py": ("Allow",),
    "accounts/invitations.py": ("the operator", "host {}", "bookme invitation"),
    "accounts/oidc/asking.py": ("openid email profile", "Bearer {}"),
    "accounts/oidc/id_token.py": ("signed by an unknown key",),
    "web/limits.py": ("rate limit", "asks {}"),
    "web/trap.py": ("bookme form",),
    "deadline.py": ("its certificate",),  # for the log, and for the doctor of what is outside
    "guard/tally.py": ("\n    INSERT INTO tally",),
}


def is_false_alarm(file: str, text: str) -> bool:
    said = re.sub(r"^line \d+: ", "", text)[1:]
    return said.startswith(tuple(repr(one)[1:-1] for one in FALSE_ALARMS.get(file, ())))


def test_every_text_is_marked() -> None:
    found = [
        f"{name}: {text}"
        for path in files()
        for name in [path.relative_to(PACKAGE).as_posix()]
        for text in unmarked(path)
        if not is_false_alarm(name, text)
    ]
    assert not found, "\n".join([f"{len(found)} texts are not marked:", *found])


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("page.html", "<p>Nothing is booked</p>"),
        ("page.html", "<h1>Today</h1>"),
        ("page.html", '<p>{{ _("Until") }} then</p>'),
        ("page.html", "<p>{% trans %}Hello{% endtrans %} there</p>"),
        ("page.html", '<a href="/" aria-label="Next month">→</a>'),
        ("page.html", '<input placeholder="Your name">'),
        ("page.html", '<img alt="A calendar" src="/x">'),
        ("page.html", '<meta name="description" content="A booking page">'),
        ("page.html", '{{ "Not yet" if waits else name }}'),
        ("page.html", '{{ name or "Nobody you know" }}'),
        ("page.html", '{% set said = "It is over" %}'),
        ("page.html", '{{ button("Save it now") }}'),
        ("page.html", '{{ _("Sign in") ~ " or sign up" }}'),
        ("body.txt", "You can cancel:\n{{ link }}"),
        ("body.txt", "{% if late %}Sorry{% endif %}"),
        ("module.py", 'flash("Your booking is cancelled.")'),
        ("module.py", 'WORDS = {State.READY: "Ready"}'),
        ("module.py", 'raise ValidationError("Enter a time, such as 09:30.")'),
        ("module.py", 'said = "Today" if now else _("Tomorrow")'),
        ("module.py", 'said = f"Moved to {at}."'),
        ("module.py", 'said = f"{city} time"'),
        ("module.py", 'StringField("Your name")'),
        ("module.py", 'said = "{provider} is not connected.".format(provider=name)'),
    ],
)
def test_an_unmarked_text_would_be_noticed(tmp_path: Path, name: str, source: str) -> None:
    path = tmp_path / name
    path.write_text(source)
    assert unmarked(path) != []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("page.html", '<p class="narrow top">{{ _("Nothing is booked") }}</p>'),
        ("page.html", '<p>{% trans who=name %}Hello <a href="/">{{ who }}</a>{% endtrans %}</p>'),
        ("page.html", '<a href="/" aria-label="{{ _("Next month") }}">→</a>'),
        ("page.html", '{% if kind == "In person" %}{{ _("In person") }}{% endif %}'),
        ("page.html", '{# Needs: a list. #}<script src="x">var is_not = "words";</script>'),
        ("body.txt", "{% trans %}You can cancel:{% endtrans %}\n{{ link }}"),
        ("module.py", '"""A docstring is for us."""'),
        ("module.py", 'flash(_("Your booking is cancelled."))'),
        ("module.py", 'logger.info("a booking of %s was found", name)'),
        ("module.py", 'message["Reply-To"] = answer.headers["Retry-After"]'),
        ("module.py", '__all__ = ["Booker"]'),
        ("module.py", 'WORDS = {"Mac OS X": name}'),
    ],
)
def test_what_nobody_reads_is_left_alone(tmp_path: Path, name: str, source: str) -> None:
    path = tmp_path / name
    path.write_text(source)
    assert unmarked(path) == []
