"""The messages that translators are given, as ``make messages`` finds them, and what is wrong with
messages.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import _parse_mapping_toml
from babel.messages.pofile import read_po

import bookme
from bookme.web.words import FOLDER

PACKAGE = Path(bookme.__file__).parent
SETTINGS = PACKAGE.parent / "pyproject.toml"

#: A part of a message: ``%(name)s``, or one without a name, such as ``%s``.
_PART = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0 +]*(?:\d+|\*)?(?:\.\d+)?(?P<kind>[a-zA-Z%])")


def messages(package: Path = PACKAGE) -> Catalog:
    """Every message of the package."""
    with SETTINGS.open("rb") as file:
        methods, options = _parse_mapping_toml(file, style="pyproject.toml")
    found = Catalog()
    for path, line, said, comments, context in extract_from_dir(package, methods, options):
        found.add(said, locations=[(path, line)], auto_comments=comments, context=context)
    return found


def translations() -> list[tuple[Path, Catalog]]:
    """The catalogues there are."""
    read = []
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            read.append((path, read_po(file, locale=path.parents[1].name)))
    return read


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
