"""What translators are given: all of it, in whole messages with named parts, and what they give
back.
"""

import ast
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Message

from bookme.web.words import BOOKERS, HOSTS
from tests.words.catalogue import (
    PACKAGE,
    forms,
    is_bookers,
    messages,
    translated,
    translations,
    wrong,
)
from tests.words.unmarked import GETTEXT


@cache
def marked(path: Path) -> list[tuple[int, str | None]]:
    """The line and the text of each call for translators; None for one that is no plain text."""
    found: list[tuple[int, str | None]] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in GETTEXT or not node.args:
            continue
        first = node.args[1 if "pgettext" in name else 0]
        plain = isinstance(first, ast.Constant) and isinstance(first.value, str)
        found.append((node.lineno, first.value if plain else None))
    return found


def test_each_call_names_its_text_so_that_it_can_be_found() -> None:
    broken = [
        f"{path.relative_to(PACKAGE)}, line {line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, text in marked(path)
        if text is None
    ]
    assert broken == []


def test_each_marked_text_is_among_the_messages() -> None:
    given = {text for message in messages() for text in forms(message)}
    missing = [
        f"{path.relative_to(PACKAGE)}, line {line}: {text!r}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, text in marked(path)
        if text is not None and text not in given
    ]
    assert missing == []


def test_parts_have_names_and_are_the_same_in_singular_and_plural() -> None:
    found = messages()
    assert len(found) > 100
    broken = [
        f"{message.locations[0][0]}: {complaint}"
        for message in found
        if message.id
        for complaint in wrong(message)
    ]
    assert not broken, "\n".join(broken)


def test_every_catalogue_is_complete() -> None:
    """`make messages` adds what is new and takes what is gone; translators do the rest."""
    there = messages()
    expected = {
        domain: {
            (message.id, message.context)
            for message in there
            if message.id and is_bookers(message) is (domain == BOOKERS)
        }
        for domain in (BOOKERS, HOSTS)
    }
    broken = []
    for path, catalogue in translations():
        said = {(one.id, one.context) for one in catalogue if one.id and translated(one)}
        fuzzy = [one.id for one in catalogue if one.id and one.fuzzy]
        wanted = expected[path.stem]
        missing = set() if path.parts[-3].startswith("en") else wanted - said
        for what, texts in (("missing", missing), ("gone", said - wanted), ("fuzzy", fuzzy)):
            broken += [f"{path.parts[-3]}/{path.stem}: {what}: {text!r}" for text in texts]
    assert not broken, "\n".join(sorted(broken))


def test_a_translation_has_as_many_plural_forms_as_its_language() -> None:
    broken = [
        f"{path.parts[-3]}: {message.id}"
        for path, catalogue in translations()
        for message in catalogue
        if message.id
        and message.pluralizable
        and len(translated(message)) not in (0, catalogue.num_plurals)
    ]
    assert not broken, "\n".join(broken)


def test_a_catalogue_keeps_the_parts_of_its_messages() -> None:
    broken = [
        f"{path}: {complaint}"
        for path, catalogue in translations()
        for message in catalogue
        if message.id
        for complaint in wrong(message)
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("said", "translation"),
    [
        ("%s is connected.", ""),
        ("%d bookings", ""),
        (("One booking", "%(n)s bookings"), ""),
        (("%(n)s booking of %(who)s", "%(n)s bookings"), ""),
        ("%(provider)s didn't answer.", "%(anbieter)s hat nicht geantwortet."),
        ("%(provider)s didn't answer.", "Keine Antwort."),
        ("%(provider)s didn't answer.", "%s hat nicht geantwortet."),
        (("%(n)s day", "%(n)s days"), ("%(n)s Tag", "Tage")),
    ],
)
def test_parts_that_differ_would_be_noticed(
    said: str | tuple[str, str], translation: str | tuple[str, str]
) -> None:
    assert list(wrong(Message(said, translation)))


@pytest.mark.parametrize(
    ("said", "translation"),
    [
        ("Save", ""),
        ("100%% of %(total)s", "%(total)s, davon 100%%"),
        (("%(n)s day", "%(n)s days"), ("%(n)s Tag", "%(n)s Tage")),
    ],
)
def test_parts_with_the_same_names_are_fine(
    said: str | tuple[str, str], translation: str | tuple[str, str]
) -> None:
    assert not list(wrong(Message(said, translation)))
