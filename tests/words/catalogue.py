"""The messages that translators are given, as ``make messages`` finds them, and what is wrong with
messages.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path, PurePath
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import _parse_mapping_toml
from babel.messages.pofile import read_po, write_po

import bookme
from bookme.web.words import BOOKERS, FOLDER, HOSTS, SOURCE

PACKAGE = Path(bookme.__file__).parent
SETTINGS = PACKAGE.parent / "pyproject.toml"

#: The mails that bookers get.
MAILS = (
    *("asked", "booked", "cancelled", "confirm", "declined", "follow_up", "lapsed", "link"),
    *("moved", "reminder", "requested", "corrected", "new_address", "own_bookings"),
    *("old_address", "guest_removed"),
)
#: Where the texts stand that bookers see, or may see; all others are seen by hosts only.
SEEN_BY_BOOKERS = (
    *("public/*", "templates/public/*", "templates/errors/*", "templates/macros/*"),
    *("templates/*.html", "templates/embedding/_foot.html", "templates/help/*privacy*.html"),
    "templates/email/*",
    *(f"templates/email/{kind}/*" for kind in MAILS),
    *("web/*", "bookings/*.py", "bookings/asking/*", "bookings/messages/*", "jobs/messages/*"),
    *("mail/*", "zone_names.py", "accounts/zones.py", "characters.py", "typed.py"),
    *("sharing/letter.py", "templates/sharing/_letter.html", "jobs/closing.py"),
)

#: What would change a catalogue without saying anything.
_NOISE = re.compile(
    rb'"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date'
    rb"|Last-Translator|Language-Team|Generated-By): [^\n]*\n"
)

#: A part of a message: ``%(name)s``, or one without a name, such as ``%s``.
_PART = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0 +]*(?:\d+|\*)?(?:\.\d+)?(?P<kind>[a-zA-Z%])")


@cache  # to read all code, or all catalogues, takes seconds
def messages(package: Path = PACKAGE) -> Catalog:
    """Every message of the package."""
    with SETTINGS.open("rb") as file:
        methods, options = _parse_mapping_toml(file, style="pyproject.toml")
    found = Catalog()
    for path, line, said, comments, context in extract_from_dir(package, methods, options):
        found.add(said, locations=[(path, line)], auto_comments=comments, context=context)
    return found


def is_bookers(message: Message) -> bool:
    """Whether bookers can come to see a message."""
    return any(
        PurePath(path).match(one) for path, _ in message.locations for one in SEEN_BY_BOOKERS
    )


@cache
def translations(language: str = "*") -> Sequence[tuple[Path, Catalog]]:
    """The catalogues there are."""
    read = []
    for path in sorted(FOLDER.glob(f"{language}/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            read.append((path, read_po(file, locale=path.parents[1].name)))
    return tuple(read)


def add(language: str) -> None:
    """Begin a language: both of its catalogues, without a translation."""
    folder = FOLDER / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    for domain in (BOOKERS, HOSTS):
        if not (path := folder / f"{domain}.po").exists():
            _write(path, Catalog(language))


def update() -> None:
    """Bring each catalogue up to date with the code: texts that are gone go, new ones come without
    a translation, and what has moved from one of a language's catalogues to the other is kept.

    A catalogue of English has only what is written in another way than in the code.
    """
    there = messages()
    for language in sorted({path.parents[1].name for path, _ in translations()}):
        old = translations(language)
        known = {(one.id, one.context): one for _, catalogue in old for one in catalogue if one.id}
        for path, _ in old:
            _write(path, _updated(path, there, known))


def _updated(path: Path, there: Catalog, known: Mapping[Any, Message]) -> Catalog:
    language = path.parents[1].name
    new = Catalog(language, project="BookMe", fuzzy=False, header_comment=f"# BookMe, {path.stem}.")
    for message in there:
        if not message.id or is_bookers(message) is not (path.stem == BOOKERS):
            continue
        said = known.get((message.id, message.context))
        if said is None and language.startswith(SOURCE):
            continue
        places = sorted({(place, 0) for place, _ in message.locations})
        new.add(
            message.id,
            said.string if said is not None else None,
            locations=places,
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return new


def _write(path: Path, catalogue: Catalog) -> None:
    file = BytesIO()
    write_po(file, catalogue, width=0, sort_by_file=True, include_lineno=False)
    path.write_bytes(_NOISE.sub(b"", file.getvalue()))


def forms(message: Message) -> list[str]:
    """Singular and plural of what the code says, or the one text."""
    return [message.id] if isinstance(message.id, str) else list(message.id)


def translated(message: Message) -> list[str]:
    """What a catalogue says for a message, in each of its plural forms, if it says anything."""
    string = message.string or ""
    said = [string] if isinstance(string, str) else list(string)
    return said if all(said) else []


def parts(text: str) -> set[str]:
    """The names of a text's parts."""
    return {found["name"] for found in _PART.finditer(text) if found["name"]}


def wrong(message: Message) -> Iterator[str]:
    """What is wrong with the parts of a message, or of its translation."""
    for text in (*forms(message), *translated(message)):
        for found in _PART.finditer(text):
            if found["kind"] != "%" and not found["name"]:
                yield f"{found[0]!r} has no name: {text!r}"
    texts = [*forms(message), *translated(message)]
    if len({frozenset(parts(text)) for text in texts}) > 1:
        yield f"the parts differ: {texts!r}"


if __name__ == "__main__":
    for new in sys.argv[1:]:
        add(new)
    update()
