"""The app-specific passwords by which Apple lets programs in."""

import re

from flask_babel import lazy_gettext as _l

_SHAPE = re.compile("[a-z]{16}")
_WORDS = _l(
    "Enter an app-specific password: four groups of four letters, such as abcd-efgh-ijkl-mnop. The "
    "password of your Apple Account doesn't work here."
)


def tidy(text: str) -> str:
    """An app-specific password in the form that Apple gave it, however it was copied.

    Whether Apple knows it, only Apple can say.

    :raises ValueError: if it cannot be one, with words for the person who typed it.
    """
    letters = re.sub(r"[\s\-‐‑–—]+", "", text).lower()
    if not _SHAPE.fullmatch(letters):
        raise ValueError(str(_WORDS))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))
