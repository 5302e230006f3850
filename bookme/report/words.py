"""What can be wrong with a page."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bookme.models import ReportKind

KINDS: dict[ReportKind, LazyString] = {
    ReportKind.PHISHING: _l("It pretends to be somebody else, or asks for money or passwords"),
    ReportKind.SPAM: _l("It’s advertising, or I got messages I didn’t ask for"),
    ReportKind.HARM: _l("It threatens or harms somebody"),
    ReportKind.OTHER: _l("Something else"),
}
