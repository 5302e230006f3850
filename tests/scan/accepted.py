"""What bandit finds and why it stays. A finding that isn't here is one to look at."""

from dataclasses import dataclass
from fnmatch import fnmatch

from tests.scan.static import Finding


@dataclass(frozen=True, slots=True)
class Accepted:
    """:ivar where: a file, or all files that a pattern fits."""

    rule: str
    where: str
    because: str

    def fits(self, finding: Finding) -> bool:
        """Whether it is about this finding."""
        return finding.rule == self.rule and fnmatch(finding.file, self.where)


_TYPES = "says to the type checker what the lines before have made sure; no check of input is one"
_NAMES = "a name that has “password”, “token” or “secret” in it, or a demo's; no secret"
_OURS = "runs a program of ours or PostgreSQL's, by a list of words, never through a shell"
_TABLES = "joins names of our own tables and columns; every value is a parameter"
_MESSAGES = "a message of our catalogues; what it is filled with is escaped by Markup itself"
_ESCAPED = "made of parts that are escaped or drawn here"

ACCEPTED = (
    Accepted("B101", "bookme/*", _TYPES),
    Accepted("B105", "bookme/*", _NAMES),
    Accepted("B106", "bookme/providers/*/facts.py", _NAMES),
    Accepted("B104", "bookme/running/plan.py", "looks whether a port is free on all interfaces"),
    Accepted("B104", "bookme/running/web.py", "a web server: it is there to be reached"),
    Accepted("B303", "bookme/accounts/factors/totp.py", "RFC 6238: what authenticator apps know"),
    Accepted("B311", "bookme/waits.py", "jitter between two tries; nobody gains by guessing it"),
    *(
        Accepted(rule, f"bookme/{where}", _OURS)
        for where in ("backup/databases.py", "face/pictures.py", "running/*.py")
        for rule in ("B404", "B603")
    ),
    Accepted("B606", "bookme/running/tied.py", _OURS),
    Accepted("B608", "bookme/migrations/versions/*", _TABLES),
    Accepted("B608", "bookme/backup/databases.py", _TABLES),
    Accepted("B704", "bookme/accounts/factors/qr.py", _ESCAPED),
    Accepted("B704", "bookme/bookings/asking/phone.py", _ESCAPED),
    Accepted("B704", "bookme/typed.py", _ESCAPED),
    Accepted("B704", "bookme/bookings/dashboard/history_words.py", _MESSAGES),
    Accepted("B704", "bookme/connections/page/ending_words.py", _MESSAGES),
    Accepted("B704", "bookme/web/template_words.py", _MESSAGES),
    Accepted("B704", "bookme/help/routes.py", "the operator's own page, from a folder of theirs"),
)


def reason(finding: Finding) -> str:
    """Why a finding stays; empty if nobody has said so."""
    return next((one.because for one in ACCEPTED if one.fits(finding)), "")
